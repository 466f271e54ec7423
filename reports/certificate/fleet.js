// Sorting and filtering; the page says everything without them.
const table = document.getElementById("matrix");
const body = table.tBodies[0];
const rows = [...body.rows];
const shown = document.getElementById("shown");
document.getElementById("filter").addEventListener("input", (event) => {
  const wanted = event.target.value.toLowerCase();
  const ids = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.toLowerCase());
  let count = 0;
  for (const row of rows) {
    const text = [...row.cells].map((cell, at) => (cell.className ? ids[at] : cell.textContent)).join(" ");
    row.hidden = !text.toLowerCase().includes(wanted);
    count += row.hidden ? 0 : 1;
  }
  shown.textContent = `${count} of ${rows.length} hosts`;
});
[...table.tHead.rows[0].cells].forEach((heading, at) => {
  const button = document.createElement("button");
  button.textContent = heading.textContent;
  heading.replaceChildren(button);
  button.addEventListener("click", () => {
    const up = heading.getAttribute("aria-sort") === "ascending" ? -1 : 1;
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", up === 1 ? "ascending" : "descending");
    const key = (row) => row.cells[at].textContent;
    rows.sort((one, other) => up * (at > 1 ? key(other).localeCompare(key(one)) : key(one).localeCompare(key(other), undefined, { numeric: true })));
    body.append(...rows);
  });
});
