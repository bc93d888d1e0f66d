"""Rules that municipalities print their rates by, as small plan books with the rates they give.

Made up by us; each rate was worked out by hand. ``達成率`` is the exact percentage as a fraction,
``表示`` what is printed, ``達成`` whether the target is met, ``判定`` the label of 参考判定. Figures
are of R6; those of ``目標`` and ``実績`` stand beside the indicator to keep a case in one line.
"""

CASES = "指標コード | 基準値 | 目標値 | 実績値 | 達成率 | 表示 | 達成 | 判定"

RATIO_HALF_UP = """
    1-1 | | 1,000 | 704   | 352/5  | 70.4%  | no  | やや遅れ
    1-2 | | 3     | 2     | 200/3  | 66.7%  | no  | やや遅れ
    1-3 | | 400   | 49    | 49/4   | 12.3%  | no  | 遅れ
    1-4 | | 2,000 | 1,999 | 1999/20 | 100%  | no  | 概ね達成
    1-5 | | 8     | 9     | 225/2  | 112.5% | yes | 達成
    1-6 | | 8     | 0     | 0      | 0%     | no  | 遅れ
"""
RATIO_TRUNCATED = """
    1-1 | | 1,000 | 704   | 352/5  | 70.4%  | no  | やや遅れ
    1-2 | | 3     | 2     | 200/3  | 66.6%  | no  | やや遅れ
    1-3 | | 400   | 49    | 49/4   | 12.2%  | no  | 遅れ
    1-4 | | 2,000 | 1,999 | 1999/20 | 99.9% | no  | 概ね達成
"""
INVERSE = """
    1-1 | | 20 | 15 | 400/3 | 133.3% | yes | 達成
    1-2 | | 20 | 20 | 100   | 100%   | yes | 達成
    1-3 | | 20 | 25 | 80    | 80%    | no  | 概ね達成
    1-4 | | 20 | 7  | 2000/7 | 285.7% | yes | 達成
"""
FROM_BASELINE_UP = """
    1-1 | ▲5   | 3   | ▲1   | 50    | 50%    | no  | やや遅れ
    1-2 | ▲5   | 3   | ▲7   | -25   | ▲25%   | no  | 遅れ
    1-3 | ▲5.5 | ▲1  | ▲4   | 100/3 | 33.3%  | no  | 遅れ
    1-4 | ▲2   | 2   | 3    | 125   | 125%   | yes | 達成
"""
FROM_BASELINE_DOWN = """
    1-1 | 10   | ▲2  | 4    | 50    | 50%    | no  | やや遅れ
    1-2 | 10   | 7   | 11   | -100/3 | ▲33.3% | no | 遅れ
    1-3 | 10   | 8   | 5    | 250   | 250%   | yes | 達成
"""
PART_YEAR = """
    1-1 | | 100 | 45  | 45  | 45%  |     | 遅れ
    1-2 | | 100 | 50  | 50  | 50%  |     | やや遅れ
    1-3 | | 100 | 80  | 80  | 80%  |     | 概ね順調
    1-4 | | 100 | 100 | 100 | 100% | yes | 順調
"""
ZERO_TARGET = """
    1-1 | | 0 | 0 | zero_target_met    | — | yes | 目標に到達
    1-2 | | 0 | 2 | zero_target_missed | — | no  | 未達成
"""
BASE_IS_TARGET = """
    1-1 | 5 | 5 | 5 | base_equals_target | — | yes | 目標に到達
    1-2 | 5 | 5 | 4 | base_equals_target | — | no  | 未達成
    1-3 | 5 | 5 | 6 | base_equals_target | — | yes | 目標に到達
"""
WHOLE_HALF_UP = """
    1-1 | | 3     | 2   | 200/3  | 67%  | no  | やや遅れ
    1-2 | | 200   | 1   | 1/2    | 1%   | no  | 遅れ
    1-3 | | 1,000 | 149 | 149/10 | 15%  | no  | 遅れ
    1-4 | | 1,000 | 999 | 999/10 | 100% | no  | 概ね達成
"""
SEVEN_CLASSES = """
    1-1 | | 1,000 | 1,000 | 100    | 100%  | yes | S
    1-2 | | 1,000 | 999   | 999/10 | 99.9% | no  | A
    1-3 | | 1,000 | 900   | 90     | 90%   | no  | A
    1-4 | | 1,000 | 899   | 899/10 | 89.9% | no  | B
    1-5 | | 1,000 | 700   | 70     | 70%   | no  | C
    1-6 | | 1,000 | 600   | 60     | 60%   | no  | D
    1-7 | | 1,000 | 599   | 599/10 | 59.9% | no  | E
    1-8 | | 1,000 | 499   | 499/10 | 49.9% | no  | F
"""
BANDS_OF_TEN = """
    期間 | 下限 | 記号 | 判定 | 配色
    年度 | 100% | S | S | 良い（濃い青）
    年度 | 90%  | A | A | 良い（濃い青）
    年度 | 80%  | B | B | おおむね良い（青）
    年度 | 70%  | C | C | おおむね良い（青）
    年度 | 60%  | D | D | やや悪い（橙）
    年度 | 50%  | E | E | やや悪い（橙）
    年度 |      | F | F | 悪い（赤）
"""
MAINTAIN = """
    1-1 | | 95 | 95   | 100     | 100.0% | yes | 達成
    1-2 | | 95 | 94.9 | 1898/19 | 99.9%  | no  | 概ね達成
    1-3 | | 95 | 96.9 | 102     | 102.0% | yes | 達成
"""
LIMIT_INVERSE = """
    1-1 | | 30 | 28 | 750/7   | 107.1% | yes | 達成
    1-2 | | 30 | 30 | 100     | 100%   | yes | 達成
    1-3 | | 30 | 31 | 3000/31 | 96.8%  | no  | 概ね達成
"""
LIMIT_RATIO = """
    1-1 | | 30 | 28 | 280/3  | 93.3%  | yes | 目標に到達
    1-2 | | 30 | 31 | 310/3  | 103.3% | no  | 未達成
"""
# 設置, 策定: done or not, without a rate; at half-year not yet due.
MILESTONES = """
    1-1 | 未達成 | 達成 | 達成   | not_rated | — | yes | 目標に到達
    1-2 | 0      | 1    | 未達成 | not_rated | — | no  | 未達成
    1-3 | ×      | ○    | ○      | not_rated | — | yes | 目標に到達
    1-4 |        | 1    | ✕      | not_rated | — | no  | 未達成
"""
MILESTONES_AT_HALF_YEAR = """
    1-1 | | 達成 | 達成   | not_rated | — | yes | 目標に到達
    1-2 | | 達成 | 未達成 | not_rated | — |     | 年度末に判定
"""
# The year's end as foreseen, 120 of 100, changes neither rate nor judgement.
FORECAST = """
    1-1 | | 100 | 45 | 45 | 45% |     | 概ね順調
    1-2 | | 100 | 24 | 24 | 24% |     | 遅れ
"""
# A value of the survey of R4 is measured against this year's target like any other.
CARRIED = """
    1-1 | | 10 | 7.2 | 72  | 72%  | no  | やや遅れ
    1-2 | | 10 | 10  | 100 | 100% | yes | 達成
"""
OWN_BANDS_CASES = """
    1-1 | | 100 | 95 | 95 | 95% | no | 概ね達成
    1-2 | | 100 | 95 | 95 | 95% | no | 要改善
    1-3 | | 100 | 97 | 97 | 97% | no | 概ね達成
"""
OWN_BANDS = """
    期間 | 下限 | 記号 | 判定 | 配色 | 指標コード
    年度 | 97%  | ○ | 良好   | 良い（濃い青） | 1-2
    年度 |      | × | 要改善 | 悪い（赤）     | 1-2
"""

MILESTONE = {"種別": "達成有無", "算式": "算定しない"}

# Each convention: the period, the rule's columns, its cases, and its bands where it has its own.
CONVENTIONS = {
    "ratio, one decimal, half-up": ("年度", {}, RATIO_HALF_UP, None),
    "ratio, one decimal, truncated": ("年度", {"端数処理": "切り捨て"}, RATIO_TRUNCATED, None),
    "inverse ratio": ("年度", {"算式": "逆比", "方向": "減少", "種別": "時点"}, INVERSE, None),
    "from a baseline, rising": (
        "年度",
        {"算式": "基準値比", "種別": "時点", "小数桁": 1},
        FROM_BASELINE_UP,
        None,
    ),
    "from a baseline, falling": (
        "年度",
        {"算式": "基準値比", "方向": "減少", "種別": "時点"},
        FROM_BASELINE_DOWN,
        None,
    ),
    "part-year without proration": ("上半期", {"見込割合": "1"}, PART_YEAR, None),
    "zero target": ("年度", {"方向": "減少"}, ZERO_TARGET, None),
    "base equal to target": (
        "年度",
        {"算式": "基準値比", "方向": "維持", "種別": "時点"},
        BASE_IS_TARGET,
        None,
    ),
    "no decimals": ("年度", {"達成率の小数桁": "0"}, WHOLE_HALF_UP, None),
    "seven classes": ("年度", {}, SEVEN_CLASSES, BANDS_OF_TEN),
    "maintain": (
        "年度",
        {"方向": "維持", "種別": "割合", "小数桁": 1, "末尾の0": "残す"},
        MAINTAIN,
        None,
    ),
    "upper limit, inverse": ("年度", {"方向": "上限", "算式": "逆比"}, LIMIT_INVERSE, None),
    "upper limit, ratio": ("年度", {"方向": "上限"}, LIMIT_RATIO, None),
    "milestones": ("年度", MILESTONE, MILESTONES, None),
    "milestones at half-year": ("上半期", MILESTONE, MILESTONES_AT_HALF_YEAR, None),
    "a forecast counts for nothing": ("上半期", {"年度末見込": "120"}, FORECAST, None),
    "a value of an earlier survey": (
        "年度",
        {"種別": "割合", "小数桁": 1, "調査年度": "R4"},
        CARRIED,
        None,
    ),
    "bands of one indicator": ("年度", {}, OWN_BANDS_CASES, OWN_BANDS),
}
