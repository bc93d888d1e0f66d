// Keeps what was typed in this browser until it is saved: a lost connection or a timed-out sign-in
// costs nothing. The copy is dropped after a save, or after a week. Of a grid of several pages, what
// was typed on the others is kept beside it.
(function () {
  "use strict";
  const grid = document.querySelector("[data-grid]");
  if (!grid) return;
  const key = "kadoma-entry-" + grid.dataset.draft;
  const WEEK = 7 * 24 * 3600 * 1000;
  let leaving = false;

  function store(draft) {
    try {
      if (draft && Object.keys(draft.values).length) localStorage.setItem(key, JSON.stringify(draft));
      else localStorage.removeItem(key);
    } catch {
      // A browser without storage still has the form itself.
    }
  }

  function stored() {
    try {
      const draft = JSON.parse(localStorage.getItem(key));
      return draft && Date.now() - draft.at < WEEK ? draft : null;
    } catch {
      return null;
    }
  }

  function valueOf(one) {
    return one.type === "checkbox" ? (one.checked ? "on" : "") : one.value;
  }

  function kept(one) {
    return one.name && !["hidden", "submit", "radio"].includes(one.type);
  }

  const before = new Map();
  Array.from(grid.elements).filter(kept).forEach(function (one) { before.set(one.name, valueOf(one)); });

  function changed() {
    const values = {}, seen = {};
    Array.from(grid.elements).filter(kept).forEach(function (one) {
      if (valueOf(one) === before.get(one.name) && grid.dataset.sent !== "POST") return;
      values[one.name] = valueOf(one);
      const version = grid.elements[one.name.split("-")[0] + "-seen"];
      if (version) seen[version.name] = version.value;
    });
    return { at: Date.now(), values: values, seen: seen };
  }

  function elsewhere(draft) {
    const other = { at: Date.now(), values: {}, seen: {} };
    if (!draft) return other;
    other.at = draft.at;
    ["values", "seen"].forEach(function (part) {
      Object.keys(draft[part]).forEach(function (name) {
        if (!grid.elements[name]) other[part][name] = draft[part][name];
      });
    });
    return other;
  }

  function keep() {
    const own = changed(), other = elsewhere(stored());
    if (!Object.keys(own.values).length) store(other);
    else store({ at: own.at, values: { ...other.values, ...own.values }, seen: { ...other.seen, ...own.seen } });
  }

  function drop() {
    store(elsewhere(stored()));
  }

  function restore(draft) {
    Object.entries({ ...draft.seen, ...draft.values }).forEach(function (pair) {
      const one = grid.elements[pair[0]];
      if (!one) return;
      if (one.type === "checkbox") one.checked = pair[1] === "on";
      else one.value = pair[1];
      one.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  function differs(draft) {
    return Object.entries(draft.values).some(function (pair) {
      const one = grid.elements[pair[0]];
      return one && valueOf(one) !== pair[1];
    });
  }

  function offer(draft) {
    const note = document.createElement("div");
    note.className = "draft-note";
    note.setAttribute("role", "alert");
    const when = new Date(draft.at).toLocaleString("ja-JP", { month: "long", day: "numeric", hour: "numeric", minute: "2-digit" });
    const words = document.createElement("span");
    words.textContent = when + "に入力した、保存していない内容が残っています。";
    note.append(words);
    [["復元する", function () { restore(draft); }], ["破棄する", drop]].forEach(function (pair) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = pair[0];
      button.addEventListener("click", function () { pair[1](); note.remove(); });
      note.append(button);
    });
    grid.prepend(note);
  }

  const draft = stored();
  if (document.querySelector(".messagelist .saved")) {
    grid.dataset.sent = "GET"; // what this page shows is what is stored
    drop();
  } else if (grid.dataset.sent === "POST") keep();
  else if (draft && differs(draft)) offer(draft);
  else drop();

  grid.addEventListener("input", keep);
  grid.addEventListener("submit", function () { leaving = true; });
  window.addEventListener("beforeunload", function (event) {
    if (leaving || !Object.keys(changed().values).length) return;
    event.preventDefault();
  });
})();
