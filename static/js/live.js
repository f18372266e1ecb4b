// The one connection of this page. Elements open it when they need it, and listen.
import { io } from "socket.io-client"

// A page speaks for whom it was made for, or for nobody: by the time it connects, somebody else may be signed in.
const { person } = document.documentElement.dataset
const auth = { person: person === undefined ? null : Number(person) }

export const socket = io({ autoConnect: false, auth, transports: ["websocket", "polling"], tryAllTransports: true })

// A server that refused once may have been busy: the client would never ask it again by itself.
const REFUSED = 10_000
socket.on("connect_error", () => {
  if (!socket.active) setTimeout(() => socket.connect(), REFUSED * (0.5 + Math.random()))
})

// The acknowledgement of an event; rejects when the server says nothing for a while.
export const ask = (event, data, patience = 8000) => socket.timeout(patience).emitWithAck(event, data)

// An id for what is sent, made before it is sent: a repeat is recognised by it. (randomUUID needs https; this doesn't.)
export const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("")

export const language = document.documentElement.lang || "en"
const figures = new Intl.NumberFormat(language)
export const number = (value) => figures.format(value)
export const calm = matchMedia("(prefers-reduced-motion: reduce)")

// "1 vote", "3 votes": the sentence for a count, from an element's data-none, data-one and data-many with {count} in it.
export const plural = new Intl.PluralRules(language)
export const counted = ({ none, one, many }, count) => {
  const words = count === 0 && none !== undefined ? none : plural.select(count) === "one" && one !== undefined ? one : many
  return (words ?? "").replace("{count}", number(count))
}

// Play the animation that the styles give to a mark such as data-moved; with reduced motion there is none to wait for.
export const play = (element, mark) => {
  if (calm.matches) return
  element.dataset[mark] = ""
  element.addEventListener("animationend", () => delete element.dataset[mark], { once: true })
}

// The same text again would be new text to a browser, and lay out the page.
export const write = (element, text) => { if (element.textContent !== text) element.textContent = text }

// Where the page shows an idea's total: on its card, and on its own page. Found by id, for a board may tell hundreds at once.
export const countersOf = (idea) =>
  [document.getElementById(`idea-${idea}`)?.querySelector(".idea__votes"), document.getElementById(`votes-${idea}`)].filter(Boolean)

// HTML as nodes that are not on the page yet. (A template, not a DOMParser: that would judge the other page's styles by our policy.)
export const parse = (html) => {
  const template = document.createElement("template")
  template.innerHTML = html
  return template.content
}
