// Draws each [data-chart] from the JSON beside it when it comes near the screen, and all to print.
// plotly.js takes a second or more of an old PC: it is loaded when the page has been painted. Its
// addresses stand at this script's own element, as data-bundle and data-locale.
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

  // Not fetched before that either: taking it in would hold up the first paint on a slow PC.
  const addresses = document.currentScript.dataset;
  let loaded = null;

  function load() {
    loaded = loaded || Promise.all([addresses.bundle, addresses.locale].map(added));
    return loaded;
  }

  function added(address) {
    return new Promise(function (resolve, reject) {
      const script = document.createElement("script");
      script.src = address;
      script.async = false; // run in this order
      script.addEventListener("load", resolve);
      script.addEventListener("error", reject);
      document.head.append(script);
    });
  }

  // plotly.js would add two style elements, which the Content-Security-Policy does not allow. Under
  // these names it finds our own stylesheet for its rules, and its rules for maps as if they were
  // there: we have no maps. A browser test fails where a new version asks for other names.
  document.querySelector('link[rel="stylesheet"]').id = "plotly.js-style-global";
  const noMaps = document.createElement("meta");
  noMaps.id = "9f215cf04c5486422605d13261cb87401f4e7763b6296af81e98efbc0130da53";
  document.head.append(noMaps);

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

  async function draw(chart) {
    if (chart.dataset.drawn) return;
    chart.dataset.drawn = "true";
    const figure = JSON.parse(document.getElementById(chart.dataset.chart).textContent);
    const area = chart.querySelector("[data-chart-area]");
    if (figure.layout.height) heights.set(chart, figure.layout.height);
    area.replaceChildren();
    await Plotly.newPlot(area, figure.data, figure.layout, config);
    // Screen readers have the table; a picture's loose labels would only confuse.
    area.querySelectorAll("svg.main-svg").forEach(function (svg) {
      svg.setAttribute("aria-hidden", "true");
    });
    const button = chart.querySelector("[data-save]");
    button.addEventListener("click", function () { save(chart, button); });
    button.hidden = false;
    chart.dataset.ready = "true";
  }

  // One after the other, and between them the page answers its reader.
  const waiting = [];

  async function drawWaiting() {
    await load();
    while (waiting.length) {
      await draw(waiting.shift());
      await new Promise(function (resolve) { setTimeout(resolve); });
    }
  }

  const charts = document.querySelectorAll("[data-chart]");
  const watcher = new IntersectionObserver(
    function (entries) {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        watcher.unobserve(entry.target);
        waiting.push(entry.target);
      }
      if (waiting.length) drawWaiting();
    },
    { rootMargin: "400px" }
  );
  charts.forEach(function (chart) {
    watcher.observe(chart);
  });

  // Printing waits for nothing, so the bundle comes also where no chart is near, at leisure, but
  // soon on a computer that has none. Who prints before that gets the tables alone.
  window.addEventListener("load", function () {
    if (window.requestIdleCallback) requestIdleCallback(load, { timeout: 3000 });
    else setTimeout(load);
  });

  // Paper is narrower than most screens: charts are drawn anew for it, and again for the screen.
  function resizeAll(size) {
    if (!window.Plotly) return;
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
