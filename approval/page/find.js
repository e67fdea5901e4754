// Finds by words that a person types: each must occur, in whatever case. However an
// umlaut is put together, it is the same one.

export const searched = (texts) => texts.filter(Boolean).map(plain).join("\n");

export const wordsOf = (typed) => plain(typed).split(/\s+/).filter(Boolean);

const plain = (text) => String(text).normalize("NFC").toLowerCase();
