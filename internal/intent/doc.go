// Package intent finds what people mean when they write in their own words:
// "sy mau pinjam modal" is about credit, "mksh infonya min" is a thank-you,
// "pinjam motor" nothing that an office of small businesses sees to.
//
// All words come from a Lexicon, which a content file holds; the package knows
// how words are bent, shortened and misspelt, and how to choose. It is pure and
// keeps nothing of what it reads.
package intent
