package markup

import (
	"strconv"
)

// endTag reads the end tag at begin and turns what it closes into an entity.
func (p *htmlParser) endTag(begin int) (int, error) {
	if len(p.open) == 0 {
		return 0, problem("Unexpected end tag at byte offset %d", begin)
	}
	i := begin + 1
	for !isSpace(p.src.at(i)) && p.src.at(i) != '>' {
		i++
	}
	name := lowerASCII(string(p.src[begin+2 : i]))
	i = p.src.skipSpace(i)
	if p.src.at(i) != '>' {
		return 0, problem("Unclosed end tag at byte offset %d", begin)
	}
	tag := p.open[len(p.open)-1]
	if name != "" && name != tag.name {
		return 0, problem("Unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\"",
			begin, tag.name, name)
	}
	p.open = p.open[:len(p.open)-1]
	if p.out.units > tag.offset {
		if err := p.closeTag(tag); err != nil {
			return 0, err
		}
	}
	return i + 1, nil
}

// closeTag adds the entity of a tag whose text ends here.
func (p *htmlParser) closeTag(tag htmlTag) error {
	e := Entity{Offset: tag.offset, Length: p.out.units - tag.offset}
	switch tag.name {
	case "i", "em":
		e.Type = "italic"
	case "b", "strong":
		e.Type = "bold"
	case "s", "strike", "del":
		e.Type = "strikethrough"
	case "u", "ins":
		e.Type = "underline"
	case "tg-spoiler", "span":
		e.Type = "spoiler"
	case "a":
		href := tag.argument
		if href == "" {
			href = string(p.out.text[tag.begin:])
		}
		if !e.setLink(href) {
			return nil
		}
	case "tg-emoji":
		if id, err := strconv.ParseInt(tag.argument, 10, 64); err != nil || id == 0 {
			return problem("Invalid custom emoji identifier specified")
		}
		e.Type, e.CustomEmojiID = "custom_emoji", tag.argument
	case "tg-time":
		if !validDateFormat(tag.argument) {
			return errInvalidDateFormat
		}
		e.Type, e.UnixTime, e.DateFormat = "date_time", tag.date, tag.argument
	case "blockquote":
		e.Type = "blockquote"
		if tag.argument != "" {
			e.Type = "expandable_blockquote"
		}
	default:
		p.closeCode(tag, e)
		return nil
	}
	p.ents = append(p.ents, e)
	return nil
}

// closeCode adds code and pre; either around the other, covering the same text
// and with a language on the code, makes one block of that language.
func (p *htmlParser) closeCode(tag htmlTag, e Entity) {
	e.Type, e.Language = tag.name, tag.argument
	if n := len(p.ents); n > 0 {
		last := &p.ents[n-1]
		language := last.Language + tag.argument // only one of them can have been given
		mixed := last.Type != e.Type && (tag.argument == "" || last.Language == "")
		if mixed && isPre(last.Type) && last.Offset == e.Offset && last.Length == e.Length && language != "" {
			last.Type, last.Language = "pre", language
			return
		}
	}
	p.ents = append(p.ents, e)
}
