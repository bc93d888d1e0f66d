// Japanese words and formats for plotly.js, which ships none.
(function () {
  "use strict";
  Plotly.register({
    moduleType: "locale",
    name: "ja",
    dictionary: {
      "Autoscale": "自動範囲",
      "Box Select": "四角で選択",
      "Download plot": "図を画像で保存",
      "Download plot as a PNG": "図を画像（PNG）で保存",
      "Lasso Select": "囲んで選択",
      "Pan": "移動",
      "Reset axes": "範囲を元に戻す",
      "Reset": "元に戻す",
      "Toggle Spike Lines": "補助線の表示",
      "Show closest data on hover": "近い値を表示",
      "Compare data on hover": "値を並べて表示",
      "Zoom": "拡大",
      "Zoom in": "拡大",
      "Zoom out": "縮小",
      "Double-click to zoom back out": "ダブルクリックで元に戻す",
      "Click to enter Plot title": "図の題名",
      "Taking snapshot - this may take a few seconds": "画像を作成しています",
      "Snapshot succeeded": "画像を保存しました",
      "Sorry, there was a problem downloading your snapshot!": "画像を保存できませんでした",
      "trace": "系列"
    },
    format: { date: "%Y年%m月%d日", decimal: ".", thousands: ",", grouping: [3], currency: ["￥", ""] }
  });
})();
