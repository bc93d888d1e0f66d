// Moves through a [data-grid] as Excel does, and takes a block of cells pasted from it.
(function () {
  "use strict";
  const grid = document.querySelector("[data-grid]");
  if (!grid) return;
  document.documentElement.classList.add("scripted");
  const live = grid.querySelector("[data-live]");
  const columns = grid.dataset.columns.split(" ");

  function rows() {
    return Array.from(grid.querySelectorAll("[data-row]")).filter(function (row) {
      return !row.hidden;
    });
  }

  // An indicator's cells stand in its row, and in the row below it that asks about a promise.
  function place(cell) {
    const box = cell.closest("[data-row], [data-promise]");
    const row = box && grid.querySelector("[data-row='" + (box.dataset.row || box.dataset.promise) + "']");
    const name = row && cell.name.slice(row.dataset.row.length + 1);
    return columns.includes(name) ? { row: row, name: name } : null;
  }

  function cellAt(row, name) {
    return row && grid.querySelector("[name='" + row.dataset.row + "-" + name + "']");
  }

  function focusOn(cell) {
    if (!cell) return false;
    cell.focus();
    if (cell.type === "text") cell.select();
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
    return true;
  }

  // Only some rows are asked about a promise; what the others lack is passed over.
  function down(at, steps) {
    const all = rows();
    let next = all.indexOf(at.row) + steps;
    while (all[next] && !cellAt(all[next], at.name)) next += steps;
    return focusOn(cellAt(all[next], at.name));
  }

  function aside(at, steps) {
    let next = columns.indexOf(at.name) + steps;
    while (columns[next] && !cellAt(at.row, columns[next])) next += steps;
    return Boolean(columns[next]) && focusOn(cellAt(at.row, columns[next]));
  }

  function atEdge(cell, forward) {
    if (cell.selectionStart === undefined || cell.selectionStart === null) return true;
    const all = cell.selectionStart === 0 && cell.selectionEnd === cell.value.length;
    const caret = forward ? cell.selectionEnd : cell.selectionStart;
    return all || caret === (forward ? cell.value.length : 0);
  }

  function onEdgeLine(cell, forward) {
    if (cell.tagName !== "TEXTAREA") return true;
    const rest = forward ? cell.value.slice(cell.selectionEnd) : cell.value.slice(0, cell.selectionStart);
    return !rest.includes("\n");
  }

  function newline(cell) {
    cell.setRangeText("\n", cell.selectionStart, cell.selectionEnd, "end");
    cell.dispatchEvent(new Event("input", { bubbles: true }));
  }

  grid.addEventListener("keydown", function (event) {
    const cell = event.target;
    const at = cell.name && place(cell);
    if (event.isComposing) return;
    if (!at) {
      // Enter in a confirmation or a reason must not send the form by accident.
      if (event.key === "Enter" && cell.tagName === "INPUT") event.preventDefault();
      return;
    }
    const isList = cell.tagName === "SELECT";
    const isText = cell.tagName === "TEXTAREA";
    let moved = false;
    if (event.key === "Enter" && event.altKey && isText) {
      newline(cell);
      moved = true;
    } else if (event.key === "Enter") {
      down(at, event.shiftKey ? -1 : 1);
      moved = true;
    } else if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    } else if (event.key === "ArrowDown" && !isList && onEdgeLine(cell, true)) {
      moved = down(at, 1);
    } else if (event.key === "ArrowUp" && !isList && onEdgeLine(cell, false)) {
      moved = down(at, -1);
    } else if (event.key === "ArrowRight" && atEdge(cell, true)) {
      moved = aside(at, 1);
    } else if (event.key === "ArrowLeft" && atEdge(cell, false)) {
      moved = aside(at, -1);
    }
    if (moved) event.preventDefault();
  });

  // Excel's clipboard text: tabs between cells, line ends between rows, quotes around both.
  function parse(text) {
    const table = [[]];
    let cell = "", quoted = false;
    for (let i = 0; i < text.length; i += 1) {
      const one = text[i];
      if (quoted) {
        if (one === '"' && text[i + 1] === '"') { cell += one; i += 1; }
        else if (one === '"') quoted = false;
        else cell += one;
      } else if (one === '"' && cell === "") quoted = true;
      else if (one === "\t") { table.at(-1).push(cell); cell = ""; }
      else if (one === "\n") { table.at(-1).push(cell); cell = ""; table.push([]); }
      else if (one !== "\r") cell += one;
    }
    table.at(-1).push(cell);
    const last = table.at(-1);
    if (table.length > 1 && last.length === 1 && last[0] === "") table.pop();
    return table;
  }

  function put(cell, text) {
    const words = text.trim();
    if (cell.type === "checkbox") {
      cell.checked = ["○", "〇", "◯", "1", "TRUE", "速報"].includes(words);
    } else if (cell.tagName === "SELECT") {
      const bare = words.replace(/^—（/, "").replace(/）$/, "");
      const found = Array.from(cell.options).find(function (one) {
        return one.value === bare || one.text === bare;
      });
      if (!found) return false;
      cell.value = found.value;
    } else {
      cell.value = words;
    }
    cell.dispatchEvent(new Event("input", { bubbles: true }));
    return true;
  }

  function paste(at, table) {
    const all = rows();
    const first = all.indexOf(at.row), left = columns.indexOf(at.name);
    const refused = [];
    let taken = 0;
    table.forEach(function (line, down) {
      line.forEach(function (text, aside) {
        const row = all[first + down];
        const cell = row && columns[left + aside] && cellAt(row, columns[left + aside]);
        if (cell && put(cell, text)) taken += 1;
        else if (text.trim() !== "") refused.push((first + down + 1) + "行目「" + text.trim() + "」");
      });
    });
    let said = taken + "個のセルに貼り付けました。";
    if (refused.length) said += "貼り付けられなかったもの: " + refused.slice(0, 5).join("、") + (refused.length > 5 ? " ほか" : "");
    live.classList.toggle("visually-hidden", !refused.length);
    live.textContent = said;
  }

  grid.addEventListener("paste", function (event) {
    const at = event.target.name && place(event.target);
    if (!at || !event.clipboardData) return;
    const text = event.clipboardData.getData("text/plain");
    const isBlock = /[\t\n]/.test(text.replace(/\r?\n$/, ""));
    if (!isBlock && event.target.tagName !== "SELECT" && !/\n$/.test(text)) return;
    const table = parse(text);
    if (event.target.tagName === "TEXTAREA" && !/\t/.test(text) && !/^"/.test(text) && table.length > 1 && event.target.value !== "") return;
    event.preventDefault();
    paste(at, table);
  });

  // Faults come first: whoever sends a form with faults lands on their list.
  const faults = document.querySelector(".fault-list");
  if (faults) faults.focus();
})();
