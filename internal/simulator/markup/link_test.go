package markup

import "testing"

func TestCheckLink(t *testing.T) {
	for _, c := range []struct{ in, want, err string }{
		{in: "example.com", want: "http://example.com/"},
		{in: "HTTP://Example.COM/Path?Q=A#F", want: "http://example.com/Path?Q=A#F"},
		{in: "https://example.com?a=b", want: "https://example.com/?a=b"},
		{in: "https://example.com#a", want: "https://example.com/#a"},
		{in: "https://user:Pass@example.com:08080/x", want: "https://user:Pass@example.com:8080/x"},
		{in: "example.com/a b\tc ", want: "http://example.com/a%20b%09c"},
		{in: "http://[::1]:80/", want: "http://[::1]:80/"},
		{in: "http://[2001:DB8::1]", want: "http://[2001:db8::1]/"},
		{in: "президент.рф/путь", want: "http://президент.рф/путь"},
		{in: "a%2Fb.com", want: "http://a%2fb.com/"},
		{in: "a.b", want: "http://a.b/"},
		{in: "tg:resolve?domain=umkm", want: "tg://resolve?domain=umkm"},
		{in: "TG://Join/?invite=A", want: "tg://join?invite=A"},
		{in: "ton://transfer/x", want: "ton://transfer/x"},
		{in: "tonsite://foundation.ton/a", want: "tonsite://foundation.ton/a"},
		{in: "", err: "URL host is empty"},
		{in: "http://", err: "URL host is empty"},
		{in: "http://.", err: "Host is invalid"},
		{in: "localhost", err: "Wrong HTTP URL"},
		{in: "javascript://a.b", err: "Unsupported URL protocol"},
		{in: "ftp://a.b", err: "Unsupported URL protocol"},
		{in: "a.b:0", err: "Wrong port number specified in the URL"},
		{in: "a.b:65536", err: "Wrong port number specified in the URL"},
		{in: "a.b:x", err: "Wrong port number specified in the URL"},
		{in: "a.b:", err: "Wrong port number specified in the URL"},
		{in: "a%2.com", err: "Wrong percent-encoded symbol in URL host"},
		{in: "a.com%2", err: "Wrong percent-encoded symbol in URL host"},
		{in: "a b.com", err: "Disallowed character in URL host"},
		{in: "http://[::g]/", err: "Wrong IPv6 address specified in the URL"},
		{in: "http://[1.2.3.4]/", err: "Wrong IPv6 address specified in the URL"},
		{in: "tg://https://a.b", err: "Wrong tg URL"},
		{in: "tg://user@a", err: "Wrong tg URL"},
		{in: "ton://a:80", err: "Wrong ton URL"},
		{in: "tonsite://http://a.b", err: "Wrong ton URL"},
		{in: "tg://a.b", err: "Unallowed characters in URL host"},
		{in: "tg://", err: "URL host is empty"},
	} {
		got, err := checkLink(c.in)
		text := ""
		if err != nil {
			text = err.Error()
		}
		if got != c.want || text != c.err {
			t.Errorf("%q: %q %q, want %q %q", c.in, got, text, c.want, c.err)
			continue
		}
		if err != nil {
			continue
		}
		if again, err := checkLink(got); again != got || err != nil {
			t.Errorf("%q checked again becomes %q %v", got, again, err)
		}
	}
}

func TestLinkUserID(t *testing.T) {
	for link, want := range map[string]int64{
		"tg://user?id=123":              123,
		"TG:USER?ID=123":                123,
		"tg://user/?a=b&id=7#x":         7,
		"tg://user?id=007":              0,
		"tg://user?id=+7":               0,
		"tg://user?id=":                 0,
		"tg://user?id=-1":               0,
		"tg://user?id=1099511627":       1099511627,
		"tg://user?id=9999999999999999": 0,
		"tg://user":                     0,
		"tg://users?id=1":               0,
		"tg://userid?id=1":              0,
		"http://user?id=1":              0,
		"":                              0,
	} {
		if got := max(linkUserID(link), 0); got != want { // not above 0: nobody
			t.Errorf("%q: %d, want %d", link, got, want)
		}
	}
}

func TestMoments(t *testing.T) {
	for _, c := range []struct {
		link string
		want Entity
		err  string
	}{
		{link: "tg://emoji?id=5368324170671202286", want: Entity{Type: "custom_emoji", CustomEmojiID: "5368324170671202286"}},
		{link: "tg:emoji?id=1", want: Entity{Type: "custom_emoji", CustomEmojiID: "1"}},
		{link: "tg://time?unix=1647531900&format=wDT", want: Entity{Type: "date_time", UnixTime: 1647531900, DateFormat: "wDT"}},
		{link: "tg://time?unix=1", want: Entity{Type: "date_time", UnixTime: 1}},
		{link: "tg://time?unix=1&format=r", want: Entity{Type: "date_time", UnixTime: 1, DateFormat: "r"}},
		{link: "tg://time?unix=1&format=rt", err: "Invalid date format used"},
		{link: "tg://time?unix=0", err: "Invalid tg://emoji or tg://time URL specified"},
		{link: "tg://time?unix=2147483648", err: "Invalid tg://emoji or tg://time URL specified"},
		{link: "tg://emoji?id=0", err: "Invalid tg://emoji or tg://time URL specified"},
		{link: "tg://emoji?id=x", err: "Invalid tg://emoji or tg://time URL specified"},
		{link: "tg://emoji", err: "Invalid tg://emoji or tg://time URL specified"},
		{link: "https://a.b", err: "Invalid tg://emoji or tg://time URL specified"},
	} {
		var got Entity
		err := got.setMoment(c.link)
		text := ""
		if err != nil {
			text = err.Error()
		}
		if got != c.want || text != c.err {
			t.Errorf("%q: %+v %q, want %+v %q", c.link, got, text, c.want, c.err)
		}
	}
}
