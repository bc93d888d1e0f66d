"""The memory of limited size: what it keeps, and what it forgets first."""

from kpis.memory import Memory


def filled(*sizes, room=100, most=10):
    memory = Memory(room=room, most=most)
    for number, size in enumerate(sizes):
        memory.keep(number, f"値{number}", size)
    return memory


def test_what_was_kept_is_found_and_nothing_else():
    memory = filled(1, 1)
    assert (memory.get(0), memory.get(1), memory.get(2)) == ("値0", "値1", None)


def test_what_was_asked_for_longest_ago_is_forgotten_first():
    memory = filled(40, 40)
    memory.get(0)
    memory.keep(2, "値2", 40)
    assert list(memory) == [0, 2]


def test_no_more_are_kept_than_allowed():
    assert list(filled(1, 1, 1, 1, most=3)) == [1, 2, 3]


def test_the_last_is_kept_even_where_it_needs_more_than_the_room():
    assert list(filled(40, 400)) == [1]
    assert list(filled(40, 400, 40)) == [2]


def test_what_is_kept_again_takes_its_room_once():
    memory = filled(60)
    memory.keep(0, "新しい値", 60)
    memory.keep(1, "値1", 40)
    assert [memory.get(one) for one in memory] == ["新しい値", "値1"]


def test_after_forgetting_all_the_room_is_whole_again():
    memory = filled(100)
    memory.clear()
    assert len(memory) == 0
    memory.keep(1, "値1", 50)
    memory.keep(2, "値2", 50)
    assert list(memory) == [1, 2]
