// Copies the text of the field that a [data-copy] button names, and says so in [data-copy-live].
// Browsers give the clipboard to secure pages only: elsewhere the text is selected and copied the
// old way, or left selected for the person to copy.
(function () {
  "use strict";
  const live = document.querySelector("[data-copy-live]");

  function say(button, words) {
    const told = button.parentElement.querySelector("[data-copied]") || document.createElement("span");
    told.dataset.copied = "";
    told.className = "copied";
    told.setAttribute("aria-hidden", "true"); // the live region speaks
    told.textContent = words;
    button.after(told);
    if (!live) return;
    live.textContent = ""; // the same words twice would be silent
    window.setTimeout(function () {
      live.textContent = words;
    }, 50);
  }

  function select(field) {
    field.focus();
    field.select();
  }

  function copyTheOldWay(field) {
    select(field);
    try {
      return document.execCommand("copy");
    } catch (error) {
      return false;
    }
  }

  function fallBack(button, field) {
    const copied = copyTheOldWay(field);
    if (copied) button.focus();
    say(button, copied ? "コピーしました" : "選択しました。Ctrl+C でコピーしてください");
  }

  document.querySelectorAll("[data-copy]").forEach(function (button) {
    const field = document.getElementById(button.dataset.copy);
    button.hidden = false; // without scripts the button would do nothing, so it is not there
    button.addEventListener("click", function () {
      if (!navigator.clipboard) {
        fallBack(button, field);
        return;
      }
      navigator.clipboard.writeText(field.value).then(
        function () {
          say(button, "コピーしました");
        },
        function () {
          fallBack(button, field);
        }
      );
    });
  });
})();
