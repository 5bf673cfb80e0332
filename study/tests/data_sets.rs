//! Data sets as writers get them wrong, made byte by byte: what they meant is read, and nothing panics.

use study::{DicomError, Instance, Pixels, Reading, read_dicom};

const EXPLICIT: &str = "1.2.840.10008.1.2.1";
const IMPLICIT: &str = "1.2.840.10008.1.2";
const BIG_ENDIAN: &str = "1.2.840.10008.1.2.2";
const UNDEFINED: u32 = u32::MAX;
/// What ends an item and a sequence without a length.
const END_OF_ITEM: [u8; 8] = [0xfe, 0xff, 0x0d, 0xe0, 0, 0, 0, 0];
const END: [u8; 8] = [0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0];

/// How elements are written.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Explicit,
    Implicit,
    BigEndian,
}
use Form::{BigEndian, Explicit, Implicit};

impl Form {
    fn short(self, number: u16) -> [u8; 2] {
        if self == BigEndian { number.to_be_bytes() } else { number.to_le_bytes() }
    }

    fn long(self, number: u32) -> [u8; 4] {
        if self == BigEndian { number.to_be_bytes() } else { number.to_le_bytes() }
    }

    /// An element that claims to be so long, whatever its value.
    fn claiming(self, (group, element): (u16, u16), vr: &[u8; 2], length: u32, value: &[u8]) -> Vec<u8> {
        let tag = [self.short(group), self.short(element)].concat();
        match (self, vr) {
            (Implicit, _) => [&tag, &self.long(length)[..], value].concat(),
            (_, b"OB" | b"OD" | b"OF" | b"OW" | b"SQ" | b"UN" | b"UT") => {
                [&tag, &vr[..], &[0, 0], &self.long(length)[..], value].concat()
            }
            _ => [&tag, &vr[..], &self.short(length as u16)[..], value].concat(),
        }
    }

    fn element(self, tag: (u16, u16), vr: &[u8; 2], value: &[u8]) -> Vec<u8> {
        self.claiming(tag, vr, value.len() as u32, value)
    }

    fn number(self, tag: (u16, u16), number: u16) -> Vec<u8> {
        self.element(tag, b"US", &self.short(number))
    }

    fn item(self, length: u32, value: &[u8]) -> Vec<u8> {
        [&self.short(0xfffe)[..], &self.short(0xe000), &self.long(length), value].concat()
    }

    /// The elements before those of the pixels.
    fn beginning(self) -> Vec<u8> {
        let class = self.element((8, 0x16), b"UI", b"1.2.840.10008.5.1.4.1.1.4\0");
        [class, self.element((8, 0x60), b"CS", b"MR")].concat()
    }

    /// Those of an image of 3 × 2 pixels.
    fn pixels(self) -> Vec<u8> {
        let numbers = [(0x10, 2), (0x11, 3), (0x100, 16), (0x101, 12), (0x102, 11), (0x103, 0)];
        let header = numbers.map(|(element, number)| self.number((0x28, element), number)).concat();
        let pixels: Vec<u8> = PIXELS.into_iter().flat_map(|number| self.short(number)).collect();
        [header, self.element((0x7fe0, 0x10), b"OW", &pixels)].concat()
    }
}

const PIXELS: [u16; 6] = [0, 1, 2, 300, 4000, 4095];

fn header(syntax: &str) -> Vec<u8> {
    let syntax = if syntax.len() % 2 == 1 { format!("{syntax}\0") } else { syntax.to_owned() };
    Explicit.element((2, 0x10), b"UI", syntax.as_bytes())
}

fn file(syntax: &str, data_set: &[u8]) -> Vec<u8> {
    [&[0; 128][..], b"DICM", &header(syntax), data_set].concat()
}

fn image(bytes: &[u8]) -> Instance {
    match read_dicom("made", bytes) {
        Ok(Reading::Image(instance)) => *instance,
        other => panic!("{other:?}"),
    }
}

fn is_whole(bytes: &[u8]) {
    let instance = image(bytes);
    assert_eq!((instance.columns, instance.rows), (3, 2));
    assert_eq!(instance.planes[0].pixels, Pixels::Unsigned(PIXELS.into()));
}

/// A file with something between its beginning and its pixels.
fn with(form: Form, between: &[u8]) -> Vec<u8> {
    let syntax = match form {
        Explicit => EXPLICIT,
        Implicit => IMPLICIT,
        BigEndian => BIG_ENDIAN,
    };
    file(syntax, &[&form.beginning(), between, &form.pixels()].concat())
}

#[test]
fn every_form_is_read() {
    for form in [Explicit, Implicit, BigEndian] {
        is_whole(&with(form, &[]));
    }
}

#[test]
fn a_data_set_in_another_form_than_stated_is_read() {
    for (syntax, form) in [
        (IMPLICIT, Explicit),
        (EXPLICIT, Implicit),
        (EXPLICIT, BigEndian),
        (BIG_ENDIAN, Explicit),
        (IMPLICIT, BigEndian),
    ] {
        is_whole(&file(syntax, &[form.beginning(), form.pixels()].concat()));
    }
}

#[test]
fn preamble_and_header_may_be_missing_or_wrong() {
    for form in [Explicit, Implicit] {
        is_whole(&[form.beginning(), form.pixels()].concat());
    }
    let data_set = [Explicit.beginning(), Explicit.pixels()].concat();
    is_whole(&[header(EXPLICIT), data_set.clone()].concat());
    is_whole(&[b"DICM", &header(EXPLICIT)[..], &data_set].concat());
    is_whole(&[&[0; 128][..], b"DICM", &data_set].concat());
    // The length of the header's group is not believed, whatever it is.
    for length in [0u32, 7, 4000, 0xb500_00de] {
        let group = Explicit.element((2, 0), b"UL", &length.to_le_bytes());
        is_whole(&[&[0; 128][..], b"DICM", &group, &header(EXPLICIT), &data_set].concat());
    }
    let implicit = Implicit.element((2, 0x10), b"UI", b"1.2.840.10008.1.2.1\0");
    is_whole(&[&[0; 128][..], b"DICM", &implicit, &data_set].concat());
    assert!(read_dicom("", b"Dear colleague, this is no data set.").is_err());
}

#[test]
fn unknown_sequences_are_implicit_inside() {
    // CP-246, nested, empty, and with a length.
    let name = Implicit.element((9, 0x1010), b"LO", b"Doe ");
    let open = |inner: &[u8]| {
        let items = [Implicit.item(UNDEFINED, &[inner, &END_OF_ITEM].concat()), END.to_vec()].concat();
        Explicit.claiming((9, 0x1002), b"UN", UNDEFINED, &items)
    };
    let nested = [
        Implicit.claiming((9, 0x1001), b"SQ", UNDEFINED, &Implicit.item(name.len() as u32, &name)),
        END.to_vec(),
        name.clone(),
    ];
    for inner in [vec![], name.clone(), nested.concat()] {
        is_whole(&with(Explicit, &open(&inner)));
    }
    is_whole(&with(Explicit, &Explicit.claiming((9, 0x1002), b"UN", UNDEFINED, &END)));
    // Some write them explicitly all the same.
    is_whole(&with(Explicit, &open(&Explicit.element((9, 0x1010), b"LO", b"Doe "))));
    // Numbers inside begin with their lowest byte whatever those outside do.
    let header = BigEndian.claiming((9, 0x1002), b"UN", UNDEFINED, &[]);
    is_whole(&with(BigEndian, &[&header, &open(&name)[12..]].concat()));
}

#[test]
fn known_values_of_unknown_representation_are_understood() {
    let series = Explicit.element((8, 0x103e), b"UN", b"FLAIR ");
    assert_eq!(image(&with(Explicit, &series)).description, "FLAIR");
    let position = Implicit.element((0x20, 0x32), b"DS", b"1\\2\\-3");
    let item = Implicit.item(position.len() as u32, &position);
    let plane = Implicit.element((0x20, 0x9113), b"SQ", &item);
    let groups = Explicit.element((0x5200, 0x9229), b"UN", &Implicit.item(plane.len() as u32, &plane));
    let bytes = file(EXPLICIT, &[Explicit.beginning(), Explicit.pixels()].concat());
    let at = bytes.windows(4).position(|window| window == [0xe0, 0x7f, 0x10, 0]).unwrap();
    let instance = image(&[&bytes[..at], &groups, &bytes[at..]].concat());
    assert_eq!(instance.planes[0].position, Some([1.0, 2.0, -3.0]));
}

#[test]
fn sequences_without_their_delimiters_or_with_too_many_are_read() {
    let name = Explicit.element((8, 0x104), b"LO", b"Doe ");
    let item = Explicit.item(UNDEFINED, &name);
    let missing = [Explicit.claiming((8, 0x1032), b"SQ", UNDEFINED, &item), END.to_vec()].concat();
    is_whole(&with(Explicit, &missing));
    let closed = Explicit.item(name.len() as u32, &name);
    let stray = [Explicit.element((8, 0x1032), b"SQ", &closed), END.to_vec(), END_OF_ITEM.to_vec()].concat();
    is_whole(&with(Explicit, &stray));
    // Bytes in fragments, in an item of a sequence.
    let fragments = [Explicit.item(0, &[]), Explicit.item(4, &[1, 2, 3, 4]), END.to_vec()].concat();
    let inner = Explicit.claiming((9, 0x1010), b"OB", UNDEFINED, &fragments);
    let items = Explicit.item(inner.len() as u32, &inner);
    is_whole(&with(Explicit, &Explicit.element((9, 0x1002), b"SQ", &items)));
    // A private sequence that is none is passed over; a public one is damage.
    is_whole(&with(Explicit, &Explicit.element((9, 0x1002), b"SQ", b"no items here")));
    assert!(read_dicom("", &with(Explicit, &Explicit.element((8, 0x1032), b"SQ", b"no items here"))).is_err());
}

#[test]
fn odd_lengths_are_read_with_and_without_their_padding() {
    for form in [Explicit, Implicit, BigEndian] {
        is_whole(&with(form, &form.element((8, 0x103e), b"LO", b"odd")));
        is_whole(&with(form, &form.claiming((8, 0x103e), b"LO", 3, b"odd ")));
        // Half a number is none, and what follows keeps its place.
        is_whole(&with(form, &form.element((0x18, 0x86), b"US", &[1, 2, 3])));
        is_whole(&with(form, &form.element((0x10, 0), b"UL", &[1, 2])));
    }
    assert_eq!(image(&with(Explicit, &Explicit.element((8, 0x103e), b"LO", b"odd"))).description, "odd");
}

#[test]
fn wrong_representations_and_orders_are_read() {
    for vr in [b"lo", b"??", b"XX", b"\0\0"] {
        let series = Explicit.element((8, 0x103e), vr, b"FLAIR ");
        assert_eq!(image(&with(Explicit, &series)).description, "FLAIR", "{vr:?}");
    }
    // One of a later standard has a length of 32 bit.
    let later = [&[8, 0, 0x3e, 0x10][..], b"ZZ\0\0\x06\0\0\0FLAIR "].concat();
    assert_eq!(image(&with(Explicit, &later)).description, "FLAIR");
    let late = [Explicit.element((0x10, 0x10), b"PN", b"Doe "), Explicit.element((8, 0x103e), b"LO", b"late")].concat();
    let instance = image(&with(Explicit, &late));
    assert_eq!((instance.description.as_str(), instance.patient[0].1.as_str()), ("late", "Doe"));
    let group = Explicit.element((0x10, 0), b"UL", &[9, 9, 9, 9]);
    is_whole(&with(Explicit, &group));
}

#[test]
fn text_is_read_in_its_character_set() {
    let latin = [Explicit.element((8, 5), b"CS", b"ISO_IR 100"), Explicit.element((8, 0x103e), b"LO", b"Sch\xe4del ")];
    assert_eq!(image(&with(Explicit, &latin.concat())).description, "Schädel");
    let utf8 =
        [Explicit.element((8, 5), b"CS", b"ISO_IR 192"), Explicit.element((8, 0x103e), b"LO", "Schädel".as_bytes())];
    assert_eq!(image(&with(Explicit, &utf8.concat())).description, "Schädel");
}

#[test]
fn what_lies_behind_the_pixels_is_padding() {
    let whole = with(Explicit, &[]);
    for padding in [&[0; 1][..], &[0; 7], &[0; 512], &[0xff; 33], b"garbage behind the end"] {
        is_whole(&[&whole, padding].concat());
    }
    is_whole(&[whole, Explicit.element((0xfffc, 0xfffc), b"OB", &[0; 40])].concat());
}

#[test]
fn bits_above_and_below_the_stored_ones_are_left_out() {
    let beginning = Explicit.beginning();
    let header = |numbers: [u16; 6]| {
        let elements = [0x10, 0x11, 0x100, 0x101, 0x102, 0x103];
        elements.into_iter().zip(numbers).map(|(element, number)| Explicit.number((0x28, element), number)).collect()
    };
    let read = |numbers: [u16; 6], tag: (u16, u16), pixels: &[u8]| {
        let header: Vec<Vec<u8>> = header(numbers);
        let pixels = Explicit.element(tag, b"OW", pixels);
        image(&file(EXPLICIT, &[beginning.clone(), header.concat(), pixels].concat())).planes.remove(0).pixels
    };
    let words = |numbers: &[u16]| -> Vec<u8> { numbers.iter().flat_map(|number| number.to_le_bytes()).collect() };
    const WHOLE: (u16, u16) = (0x7fe0, 0x10);
    // Eight bits in the middle of sixteen.
    assert_eq!(read([1, 2, 16, 8, 11, 0], WHOLE, &words(&[0xfabf, 0x0010])), Pixels::Unsigned(vec![0xab, 1]));
    assert_eq!(read([1, 2, 16, 8, 11, 1], WHOLE, &words(&[0xf80f, 0x07f0])), Pixels::Signed(vec![0x7f80, 0x807f]));
    assert_eq!(read([1, 2, 8, 8, 7, 0], WHOLE, &[7, 200]), Pixels::Unsigned(vec![7, 200]));
    let wide: Vec<u8> = [0xff80_0001u32, 0x0012_3456].into_iter().flat_map(u32::to_le_bytes).collect();
    assert_eq!(read([1, 2, 32, 24, 23, 1], WHOLE, &wide), Pixels::Wide(vec![-8_388_607.0, 1_193_046.0]));
    assert_eq!(read([1, 2, 32, 24, 23, 0], WHOLE, &wide), Pixels::Wide(vec![8_388_609.0, 1_193_046.0]));
    let floats: Vec<u8> = [1.5f32, f32::NAN].into_iter().flat_map(f32::to_le_bytes).collect();
    assert_eq!(read([1, 2, 32, 32, 31, 0], (0x7fe0, 8), &floats), Pixels::Wide(vec![1.5, 0.0]));
    let doubles: Vec<u8> = [-2.25f64, 1e300].into_iter().flat_map(f64::to_le_bytes).collect();
    assert_eq!(read([1, 2, 64, 64, 63, 0], (0x7fe0, 9), &doubles), Pixels::Wide(vec![-2.25, 0.0]));
}

#[test]
fn lengths_beyond_the_file_are_found_wherever_they_are() {
    let bad = Explicit.claiming((0x42, 0x11), b"OB", 0x7fff_fff0, b"few");
    let short = |error: Result<Reading, DicomError>| matches!(error, Err(DicomError::Damaged(_)));
    assert!(short(read_dicom("", &with(Explicit, &bad))));
    for length in [UNDEFINED, bad.len() as u32] {
        let items = Explicit.item(length, &bad);
        for length in [UNDEFINED, items.len() as u32] {
            let sequence = Explicit.claiming((8, 0x1032), b"SQ", length, &items);
            assert!(short(read_dicom("", &with(Explicit, &sequence))));
        }
    }
    // Sequences within sequences without end.
    let item = Explicit.claiming((8, 0x1032), b"SQ", UNDEFINED, &Explicit.item(UNDEFINED, &[]));
    assert!(short(read_dicom("", &with(Explicit, &item.repeat(10_000)))));
}

#[test]
fn every_truncation_is_an_error_and_no_damage_is_a_panic() {
    let name = Implicit.element((9, 0x1010), b"LO", b"Doe ");
    let items = [Implicit.item(UNDEFINED, &[&name[..], &END_OF_ITEM].concat()), END.to_vec()].concat();
    let odd = Explicit.element((8, 0x103e), b"LO", b"odd");
    let whole = with(Explicit, &[odd, Explicit.claiming((9, 0x1002), b"UN", UNDEFINED, &items)].concat());
    is_whole(&whole);
    for length in 0..whole.len() {
        assert!(!matches!(read_dicom("", &whole[..length]), Ok(Reading::Image(_))), "{length}");
    }
    for at in 132..whole.len() {
        for value in 0..=255 {
            let mut bytes = whole.clone();
            bytes[at] = value;
            drop(read_dicom("", &bytes));
        }
    }
}
