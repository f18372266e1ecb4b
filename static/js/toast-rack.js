// Short sentences that come and go. Anything on the page may say one: document.dispatchEvent(new CustomEvent("toast", …)).
const STAY = 5000

class ToastRack extends HTMLElement {
  connectedCallback() { document.addEventListener("toast", this.#show) }
  disconnectedCallback() { document.removeEventListener("toast", this.#show) }

  #show = ({ detail }) => {
    const toast = this.querySelector("template").content.firstElementChild.cloneNode(true)
    toast.querySelector(".toast__text").textContent = detail.text
    if (detail.more) {
      const link = Object.assign(document.createElement("a"), { href: detail.more.url, textContent: detail.more.text })
      toast.querySelector(".toast__text").append(" ", link)
    }
    if (detail.refused) {
      toast.dataset.tone = "danger"
      const use = toast.querySelector("use") // The mark of what is done isn't the mark of what is refused.
      use.setAttribute("href", use.getAttribute("href").replace(/#.*/, "#circle-alert"))
    }
    toast.querySelector(".toast__close").addEventListener("click", () => toast.remove())
    // One thing at a time asks for attention; but what was refused isn't swept away by news.
    for (const older of this.querySelectorAll(detail.refused ? ".toast" : ".toast:not([data-tone=danger])")) older.remove()
    this.append(toast)
    if (!detail.reload) setTimeout(() => toast.remove(), detail.refused ? 2 * STAY : STAY)
  }
}

customElements.define("toast-rack", ToastRack)
