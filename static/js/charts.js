// Draws each [data-chart] from the JSON beside it when it comes near the screen, and all to print.
(function () {
  "use strict";
  const config = {
    locale: "ja",
    displaylogo: false,
    showSendToCloud: false,
    plotlyServerURL: "",
    responsive: true,
    displayModeBar: false
  };

  // A picture leaves the page, so what stands around the chart goes into it.
  const width = 1000, usual = 520, scale = 2, edge = 24;

  // The element's text as lines that fit the picture, each with its look and height.
  function written(pen, element) {
    const style = getComputedStyle(element), found = [""];
    pen.font = style.font;
    for (const letter of element.textContent) {
      if (pen.measureText(found.at(-1) + letter).width > width - 2 * edge) found.push("");
      found[found.length - 1] += letter;
    }
    return found.map(function (text) {
      return { text: text, font: style.font, colour: style.color, height: 1.6 * parseFloat(style.fontSize) };
    });
  }

  function room(lines) {
    return lines.reduce(function (sum, line) { return sum + line.height; }, edge);
  }

  function write(pen, lines, top) {
    for (const line of lines) {
      top += line.height;
      pen.font = line.font;
      pen.fillStyle = line.colour;
      pen.fillText(line.text, edge, top);
    }
  }

  async function save(chart, button) {
    const area = chart.querySelector("[data-chart-area]"), picture = new Image();
    const height = heights.get(chart) || usual;
    picture.src = await Plotly.toImage(area, { format: "png", width: width, height: height, scale: scale });
    await picture.decode();
    const canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
    const above = Array.from(chart.querySelectorAll("figcaption > *")).flatMap(function (element) {
      return written(pen, element);
    });
    const below = written(pen, chart.querySelector("[data-source]"));
    canvas.width = scale * width;
    canvas.height = scale * (room(above) + height + room(below));
    pen.scale(scale, scale);
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    write(pen, above, edge / 2);
    pen.drawImage(picture, 0, room(above), width, height);
    write(pen, below, room(above) + height);
    const link = document.createElement("a");
    link.href = canvas.toDataURL("image/png");
    link.download = button.dataset.save;
    link.click();
  }

  // Of charts that say how high they are, whatever they are drawn for.
  const heights = new Map();

  function draw(chart) {
    if (chart.dataset.drawn) return;
    chart.dataset.drawn = "true";
    const figure = JSON.parse(document.getElementById(chart.dataset.chart).textContent);
    const area = chart.querySelector("[data-chart-area]");
    if (figure.layout.height) heights.set(chart, figure.layout.height);
    area.replaceChildren();
    Plotly.newPlot(area, figure.data, figure.layout, config).then(function () {
      // Screen readers have the table; a picture's loose labels would only confuse.
      area.querySelectorAll("svg.main-svg").forEach(function (svg) {
        svg.setAttribute("aria-hidden", "true");
      });
      const button = chart.querySelector("[data-save]");
      button.addEventListener("click", function () { save(chart, button); });
      button.hidden = false;
      chart.dataset.ready = "true";
    });
  }

  const charts = document.querySelectorAll("[data-chart]");
  const watcher = new IntersectionObserver(
    function (entries) {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        watcher.unobserve(entry.target);
        draw(entry.target);
      }
    },
    { rootMargin: "400px" }
  );
  charts.forEach(function (chart) {
    watcher.observe(chart);
  });

  // Paper is narrower than most screens: charts are drawn anew for it, and again for the screen.
  function resizeAll(size) {
    charts.forEach(function (chart) {
      draw(chart);
      const own = heights.has(chart) ? { height: heights.get(chart) } : {};
      Plotly.relayout(chart.querySelector("[data-chart-area]"), Object.assign({}, size, own));
    });
  }
  window.addEventListener("beforeprint", function () {
    resizeAll({ autosize: false, width: 660, height: 220 });
  });
  window.addEventListener("afterprint", function () {
    resizeAll({ autosize: true, width: null, height: null });
  });
})();
