package inspect

import (
	"bytes"
	"image"
	_ "image/jpeg" // pictures that are taken
	_ "image/png"

	_ "golang.org/x/image/webp"
)

// lookPicture looks at a picture; its dimensions before its pixels.
func lookPicture(data []byte, mime string, l Limits) report {
	r := report{MIME: mime, Pages: 1}
	config, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || config.Width < 1 || config.Height < 1 {
		r.Refused = PictureBroken
		return r
	}
	if tooHuge(config, data, mime, l) {
		r.Refused = PictureHuge
		return r
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		r.Refused = PictureBroken
		return r
	}
	grey := greyOf(img)
	r.Flaws = flaws(grey, img.Bounds())
	r.Found = foundIn(nil, codesIn(grey))
	return r
}
