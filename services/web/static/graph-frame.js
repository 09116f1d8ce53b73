// What the graphs of pages share: how they are drawn anew, how a click leads on, and the page's colours.
// Each gives what it draws of its table: graphFrame(selector, tableId, (table, element) => ({height, options})).
(() => {
  const styleOf = (element) => getComputedStyle(element);
  const variable = (name) => styleOf(document.documentElement).getPropertyValue(name).trim();
  const inkOf = () => ({ text: variable("--cw-text"), muted: variable("--cw-muted"), line: variable("--cw-line"), ground: variable("--cw-bg"), accent: variable("--cw-accent") });

  const frame = (selector, tableId, drawn) => {
    let chart = null;
    const draw = () => {
      const element = document.querySelector(selector); // by no id: htmx would copy its style
      const table = document.getElementById(tableId);
      chart?.dispose();
      chart = null;
      if (!element || !table || !window.echarts) return;
      const { height, options } = drawn(table, element);
      element.style.height = `${height}px`;
      chart = echarts.init(element, null, { renderer: "canvas" });
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      const font = { fontFamily: styleOf(document.body).fontFamily };
      chart.setOption({ animation: !still, animationDuration: 250, textStyle: font, ...options });
      chart.on("click", ({ data }) => data?.address && location.assign(data.address));
      element.chart = chart; // for whoever looks into the page
    };

    let waiting;
    const soon = () => {
      clearTimeout(waiting);
      waiting = setTimeout(draw, 100);
    };
    new MutationObserver(soon).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
    let width = innerWidth;
    addEventListener("resize", () => {
      if (innerWidth !== width) soon(); // the height alone changes whenever a telephone scrolls
      width = innerWidth;
    });
    document.addEventListener("htmx:afterSwap", (event) => {
      if (event.detail.target.id === "results") draw();
    });
    draw();
  };

  window.graphFrame = Object.assign(frame, { styleOf, variable, inkOf });
})();
