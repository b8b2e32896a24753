// A few places in Banten to share as a location: name, latitude, longitude.
export const places = [
  ['Kota Serang (Kalanganyar)', -6.12012, 106.10971],
  ['Anyar, Kabupaten Serang', -6.05552, 105.91964],
  ['Labuan, Pandeglang', -6.37745, 105.8297],
  ['Sumur, Pandeglang', -6.69809, 105.35594],
  ['Rangkasbitung, Lebak', -6.36728, 106.25004],
  ['Kanekes (Baduy), Lebak', -6.64444, 106.23966],
  ['Karang Anyar, Kota Tangerang', -6.15504, 106.64629],
  ['Serpong, Tangerang Selatan', -6.32019, 106.66651],
  ['Monas, Jakarta (di luar Banten)', -6.17539, 106.82715],
];
