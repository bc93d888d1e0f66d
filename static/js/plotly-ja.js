// Japanese formats for plotly.js, which ships none; it shows no words of its own here.
(function () {
  "use strict";
  Plotly.register({
    moduleType: "locale",
    name: "ja",
    dictionary: {},
    format: { date: "%Y年%m月%d日", decimal: ".", thousands: ",", grouping: [3], currency: ["￥", ""] }
  });
})();
