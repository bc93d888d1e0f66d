// Shows one section's rows without leaving the page, so that nothing typed is lost.
(function () {
  "use strict";
  const form = document.querySelector("[data-section-filter]");
  if (!form) return;
  const select = form.elements.section;

  function tally() {
    const shown = Array.from(document.querySelectorAll("[data-row]:not([hidden])"));
    document.querySelector("[data-number]").textContent = shown.length;
    document.querySelector("[data-entered]").textContent = shown.filter(function (row) {
      return !row.querySelector("[data-answer] .missing");
    }).length;
  }
  document.addEventListener("grid:answered", tally);

  const sections = new Set(Array.from(document.querySelectorAll("[data-row]"), function (one) { return one.dataset.section; }));
  // A page that was opened for one section holds that section's rows only.
  if (select.value !== "") return;
  const needed = new Map();
  document.querySelectorAll("[data-caution]").forEach(function (one) { needed.set(one, !one.hidden); });

  function apply() {
    const wanted = select.value;
    document.querySelectorAll("[data-section]").forEach(function (row) {
      const outside = wanted !== "" && row.dataset.section !== wanted;
      const spare = row.dataset.caution !== undefined &&
        (row.dataset.needed ? row.dataset.needed !== "true" : !needed.get(row));
      row.hidden = outside || spare;
    });
    document.querySelectorAll("[data-strategy]").forEach(function (group) {
      group.hidden = !group.querySelector("[data-row]:not([hidden])");
    });
    tally();
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    apply();
  });
  select.addEventListener("change", apply);
  if (sections.size < 2) form.querySelector("button").disabled = true;
})();
