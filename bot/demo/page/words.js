// Which words does the page itself use, in the language of the person it acts as?
//
// Only Slack's own texts and those of the panels; what the app says arrives from the app.

import { en } from "./words_en.js";
import { fi } from "./words_fi.js";
import { sv } from "./words_sv.js";

const LANGUAGES = { en: "English", sv: "Svenska", fi: "Suomi", de: "Deutsch", fr: "Français", es: "Español" };

/** Every text by language; each language has all of them. */
export const BY_LANGUAGE = { en, fi, sv };

/** The texts for a Slack locale such as "sv-SE"; English where there are none. */
export const wordsFor = (locale) => BY_LANGUAGE[(locale ?? "en").slice(0, 2)] ?? en;

/** The locale to write dates and numbers in. */
export const dateLocale = (locale) => (BY_LANGUAGE[(locale ?? "").slice(0, 2)] ? locale : "en-US");

/** The language of a person, in that language. */
export const languageName = (locale) => LANGUAGES[(locale ?? "en").slice(0, 2)] ?? locale;
