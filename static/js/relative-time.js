// "3 minutes ago", kept true while the page stays open.
import { language } from "ensemble/live"

const UNITS = [["year", 31_536_000], ["month", 2_592_000], ["week", 604_800], ["day", 86_400], ["hour", 3600], ["minute", 60]]
const words = new Intl.RelativeTimeFormat(language)
const NOW = new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(0, "second")
const shown = new Set()

setInterval(() => { for (const element of shown) element.tell() }, 30_000)

class RelativeTime extends HTMLElement {
  connectedCallback() { shown.add(this) }
  disconnectedCallback() { shown.delete(this) }

  tell() {
    const seconds = (new Date(this.getAttribute("datetime")) - Date.now()) / 1000
    const [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? []
    const text = unit ? words.format(Math.round(seconds / size), unit) : NOW
    const time = this.querySelector("time")
    if (time && time.textContent !== text) time.textContent = text
  }
}

customElements.define("relative-time", RelativeTime)
