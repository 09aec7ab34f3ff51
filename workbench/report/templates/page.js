const claims = [...document.querySelectorAll("article")];
document.getElementById("filter").addEventListener("input", event => {
  const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const claim of claims) {
    const text = (claim.id + " " + claim.textContent).toLowerCase();
    const shown = words.every(word => text.includes(word));
    claim.hidden = !shown;
    const row = document.querySelector(`tr[data-for="${CSS.escape(claim.id)}"]`);
    if (row) row.hidden = !shown;
  }
  for (const chapter of document.querySelectorAll(".chapter"))
    chapter.hidden = !chapter.querySelector("article:not([hidden])");
});
