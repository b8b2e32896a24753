package markup

import "strings"

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isAlpha(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isHex(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }

func isAlphaDigit(c byte) bool { return isDigit(c) || isAlpha(c) }

// isName tells the characters of user names and commands.
func isName(c byte) bool { return isAlphaDigit(c) || c == '_' }

// lowerASCII lowers A-Z only, as Telegram does with tags and schemes.
func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}
