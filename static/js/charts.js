// Draws each [data-chart] from the JSON beside it, when it comes near the screen or is printed.
(function () {
  "use strict";
  const config = {
    locale: "ja",
    displaylogo: false,
    showSendToCloud: false,
    plotlyServerURL: "",
    responsive: true,
    displayModeBar: "hover",
    modeBarButtons: [["toImage"]]
  };

  function draw(chart) {
    if (chart.dataset.drawn) return;
    chart.dataset.drawn = "true";
    const figure = JSON.parse(document.getElementById(chart.dataset.chart).textContent);
    const area = chart.querySelector("[data-chart-area]");
    area.replaceChildren();
    const name = chart.dataset.chart + "-" + location.pathname.replace(/\W+/g, "-");
    Plotly.newPlot(area, figure.data, figure.layout, {
      ...config,
      toImageButtonOptions: { format: "png", filename: name, scale: 2 }
    }).then(function () {
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
  window.addEventListener("beforeprint", function () {
    charts.forEach(draw);
  });
})();
