package page_test

import (
	"testing"
)

func TestTextAndButtons(t *testing.T) {
	s := newStage(t)
	siti := s.person("Siti", "Aminah")
	s.open(1200, 800)
	s.see(button(siti, "MULAI"))
	s.shot("fresh")
	s.click(button(siti, "MULAI"))
	s.see(bubble(siti, "Selamat datang di UMKM Banten"))
	s.shot("greeting")
	s.say(siti, "Halo dari Serang")
	s.see(bubble(siti, "Anda menulis: Halo dari Serang"))
	s.click(button(siti, "Peringatan"))
	s.see(`//dialog//p[.="Berkas belum lengkap"]`)
	s.shot("alert")
	s.click(`//dialog//button[.="OK"]`)
	s.click(button(siti, "Ubah pesan"))
	s.see(in(siti, `//div[contains(@class,"toast") and .="Sudah diubah"]`))
	s.see(bubble(siti, "Pesan ini sudah diubah."))
	s.gone(bubble(siti, "Selamat datang"))
	s.shot("edited")
}
