// Shows each [data-print] button and lets it print the page; without scripts the browser's menu does.
(function () {
  "use strict";
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  }
}());
