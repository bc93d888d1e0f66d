/* Names what the admin's own scripts leave nameless: a field that looks records up, a filter's sign. */
"use strict";

function nameFields() {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const label = select.labels[0];
    const box = select.parentElement.querySelector(".select2-selection");
    const shown = box && box.querySelector(".select2-selection__rendered");
    if (!label || !shown) continue;
    label.id = label.id || `${select.id}-label`;
    shown.setAttribute("aria-labelledby", label.id);
    box.setAttribute("aria-labelledby", `${label.id} ${shown.id}`);
  }
  for (const sign of document.querySelectorAll(".search-label-icon[aria-label]")) {
    sign.setAttribute("role", "img");
  }
}

// After the load, and after what waits for jQuery: only then do those fields stand.
window.addEventListener("load", () => django.jQuery(nameFields));
