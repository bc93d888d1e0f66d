// Draws each [data-chart] from the JSON beside it when it comes near the screen, and all to print.
(function () {
  "use strict";
  const config = {
    locale: "ja",
    displaylogo: false,
    showSendToCloud: false,
    plotlyServerURL: "",
    responsive: true,
    displayModeBar: true
  };

  // The title stands on the page, where it wraps; a picture on its own needs it inside.
  function download(area) {
    const title = area.layout.meta.title;
    const layout = {
      ...area.layout,
      title: { text: title, font: { size: 16 }, x: 0.02, xanchor: "left" },
      margin: { ...area.layout.margin, t: 64 }
    };
    Plotly.downloadImage(
      { data: area.data, layout: layout },
      { format: "png", filename: title, width: 1000, height: 560, scale: 2 }
    );
  }

  const saving = {
    name: "save",
    title: "図を画像（PNG）で保存",
    icon: { width: 24, height: 24, path: "M11 3h2v9l3-3 1.4 1.4L12 16l-5.4-5.6L8 9l3 3zM4 18h16v2H4z" },
    click: download
  };

  function draw(chart) {
    if (chart.dataset.drawn) return;
    chart.dataset.drawn = "true";
    const figure = JSON.parse(document.getElementById(chart.dataset.chart).textContent);
    const area = chart.querySelector("[data-chart-area]");
    area.replaceChildren();
    Plotly.newPlot(area, figure.data, figure.layout, { ...config, modeBarButtons: [[saving]] }).then(function () {
      // Screen readers have the table; a picture's loose labels would only confuse.
      area.querySelectorAll("svg.main-svg").forEach(function (svg) {
        svg.setAttribute("aria-hidden", "true");
      });
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
      Plotly.relayout(chart.querySelector("[data-chart-area]"), size);
    });
  }
  window.addEventListener("beforeprint", function () {
    resizeAll({ autosize: false, width: 660, height: 220 });
  });
  window.addEventListener("afterprint", function () {
    resizeAll({ autosize: true, width: null, height: null });
  });
})();
