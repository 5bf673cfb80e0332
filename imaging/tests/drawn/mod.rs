//! Pictures of other things than heads, drawn; none of them is one that the judgement was fitted to.

use imaging::Slice;

/// A kind of picture: its name, and a picture of it for every number.
pub type Kind = (&'static str, fn(&mut Chance) -> Slice);

/// All kinds.
pub const KINDS: [Kind; 10] = [
    ("smiley", smiley),
    ("selfie", selfie),
    ("text page", text_page),
    ("chart", chart),
    ("knee", knee),
    ("chest CT", chest),
    ("landscape", landscape),
    ("tiles", tiles),
    ("sagittal head", sagittal_head),
    ("spine", spine),
];

/// Numbers that look like chance and are the same every time.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// From `low` up to `high`.
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        low + (high - low) * ((self.0 >> 40) as f32 / (1u64 << 24) as f32)
    }
}

/// A sheet to draw on; places are shares of its width and height.
struct Sheet {
    width: usize,
    height: usize,
    grey: Vec<f32>,
}

impl Sheet {
    fn new(chance: &mut Chance, tall: f32, grey: f32) -> Self {
        let width = chance.between(220.0, 420.0) as usize;
        let height = (width as f32 * tall) as usize;
        Self { width, height, grey: vec![grey; width * height] }
    }

    fn paint(&mut self, grey: f32, inside: impl Fn(f32, f32) -> bool) {
        for at in 0..self.grey.len() {
            let (x, y) = ((at % self.width) as f32 / self.width as f32, (at / self.width) as f32 / self.height as f32);
            if inside(x, y) {
                self.grey[at] = grey;
            }
        }
    }

    fn ellipse(&mut self, (x, y): (f32, f32), (across, down): (f32, f32), grey: f32) {
        self.paint(grey, |u, v| ((u - x) / across).powi(2) + ((v - y) / down).powi(2) <= 1.0);
    }

    fn block(&mut self, (left, top): (f32, f32), (right, bottom): (f32, f32), grey: f32) {
        self.paint(grey, |u, v| (left..right).contains(&u) && (top..bottom).contains(&v));
    }

    /// With grain, as cameras and scanners add it.
    fn grained(mut self, chance: &mut Chance, grain: f32) -> Slice {
        self.grey.iter_mut().for_each(|grey| *grey = (*grey + chance.between(-grain, grain)).clamp(0.0, 1.0));
        Slice::new(self.width, self.height, vec![self.grey])
    }
}

fn smiley(chance: &mut Chance) -> Slice {
    let paper = if chance.between(0.0, 1.0) < 0.5 { 1.0 } else { 0.0 };
    let mut sheet = Sheet::new(chance, 1.0, paper);
    let (radius, ink) = (chance.between(0.25, 0.45), chance.between(0.0, 0.2));
    sheet.ellipse((0.5, 0.5), (radius, radius), chance.between(0.6, 0.9));
    for side in [-1.0, 1.0] {
        sheet.ellipse((0.5 + side * 0.4 * radius, 0.5 - 0.3 * radius), (0.12 * radius, 0.18 * radius), ink);
    }
    sheet.paint(ink, |x, y| {
        let away = (x - 0.5).hypot(y - 0.5) / radius;
        (0.55..0.68).contains(&away) && y > 0.5 + 0.2 * radius
    });
    sheet.grained(chance, 0.0)
}

fn selfie(chance: &mut Chance) -> Slice {
    let mut sheet = Sheet::new(chance, 1.3, 0.0);
    let (wall, skin, hair) = (chance.between(0.3, 0.9), chance.between(0.5, 0.8), chance.between(0.05, 0.3));
    let (x, radius) = (chance.between(0.4, 0.6), chance.between(0.16, 0.26));
    sheet.paint(wall, |_, _| true);
    sheet.block((0.0, 0.0), (chance.between(0.1, 0.4), 0.6), wall * 0.8);
    sheet.ellipse((x, 1.02), (2.1 * radius, 0.35), chance.between(0.1, 0.9));
    sheet.block((x - 0.4 * radius, 0.55), (x + 0.4 * radius, 0.75), skin * 0.9);
    sheet.ellipse((x, 0.4), (1.1 * radius, 1.15 * radius), hair);
    sheet.ellipse((x, 0.45), (0.9 * radius, 1.05 * radius), skin);
    for side in [-1.0, 1.0] {
        sheet.ellipse((x + side * 0.35 * radius, 0.42), (0.15 * radius, 0.07 * radius), 0.95);
        sheet.ellipse((x + side * 0.35 * radius, 0.42), (0.06 * radius, 0.06 * radius), 0.1);
    }
    sheet.ellipse((x, 0.55), (0.35 * radius, 0.08 * radius), skin * 0.6);
    sheet.grained(chance, 0.03)
}

fn text_page(chance: &mut Chance) -> Slice {
    let mut sheet = Sheet::new(chance, 1.4, 1.0);
    let line = chance.between(0.02, 0.04);
    let mut y = 0.08;
    while y < 0.92 {
        let (mut x, end) = (0.1, chance.between(0.6, 0.92));
        while x < end {
            let word = chance.between(0.03, 0.12);
            sheet.block((x, y), (x + word, y + 0.45 * line), 0.1);
            x += word + 0.02;
        }
        y += line;
    }
    sheet.grained(chance, 0.0)
}

fn chart(chance: &mut Chance) -> Slice {
    let dark = chance.between(0.0, 1.0) < 0.3;
    let mut sheet = Sheet::new(chance, 0.7, if dark { 0.05 } else { 1.0 });
    let ink = if dark { 0.9 } else { 0.1 };
    sheet.block((0.08, 0.05), (0.09, 0.92), ink);
    sheet.block((0.08, 0.91), (0.96, 0.92), ink);
    let bars = chance.between(3.0, 9.0) as usize;
    for bar in 0..bars {
        let left = 0.12 + 0.82 * bar as f32 / bars as f32;
        let height = chance.between(0.1, 0.8);
        sheet.block((left, 0.91 - height), (left + 0.5 / bars as f32, 0.91), chance.between(0.3, 0.7));
    }
    sheet.grained(chance, 0.0)
}

/// From the front: two bones that end in a joint, muscle and fat around them from edge to edge.
fn knee(chance: &mut Chance) -> Slice {
    let mut sheet = Sheet::new(chance, 1.2, 0.02);
    let (joint, bone, leg) = (chance.between(0.45, 0.55), chance.between(0.6, 0.9), chance.between(0.26, 0.36));
    sheet.block((0.5 - leg, 0.0), (0.5 + leg, 1.0), chance.between(0.5, 0.7));
    sheet.block((0.54 - leg, 0.0), (0.46 + leg, 1.0), chance.between(0.2, 0.35));
    for (end, from, to) in [(joint - 0.1, 0.0, joint - 0.1), (joint + 0.1, joint + 0.1, 1.0)] {
        sheet.block((0.5 - 0.45 * leg, from), (0.5 + 0.45 * leg, to), bone);
        sheet.ellipse((0.5, end), (0.75 * leg, 0.085), bone);
    }
    sheet.grained(chance, 0.04)
}

/// Lungs, heart and spine in a wide body.
fn chest(chance: &mut Chance) -> Slice {
    let mut sheet = Sheet::new(chance, 1.0, 0.0);
    let (across, down) = (chance.between(0.42, 0.48), chance.between(0.29, 0.34));
    sheet.ellipse((0.5, 0.5), (across, down), chance.between(0.35, 0.45));
    sheet.ellipse((0.5, 0.5), (0.92 * across, 0.9 * down), chance.between(0.5, 0.6));
    for side in [-1.0, 1.0] {
        sheet.ellipse((0.5 + side * 0.46 * across, 0.49), (0.33 * across, 0.68 * down), chance.between(0.03, 0.12));
    }
    sheet.ellipse((0.53, 0.45), (0.24 * across, 0.35 * down), chance.between(0.6, 0.7));
    sheet.ellipse((0.5, 0.5 + 0.6 * down), (0.11 * across, 0.15 * down), 0.95);
    sheet.grained(chance, 0.03)
}

fn landscape(chance: &mut Chance) -> Slice {
    let mut sheet = Sheet::new(chance, 0.66, 0.0);
    let (sky, horizon) = (chance.between(0.6, 0.95), chance.between(0.35, 0.65));
    sheet.paint(sky, |_, _| true);
    let waves = [chance.between(3.0, 9.0), chance.between(8.0, 20.0)];
    sheet.paint(chance.between(0.2, 0.5), |x, y| y > horizon + 0.05 * (waves[0] * x).sin());
    sheet.paint(chance.between(0.1, 0.4), |x, y| y > horizon + 0.15 + 0.05 * (waves[1] * x).sin());
    sheet.ellipse((chance.between(0.2, 0.8), 0.15), (0.05, 0.075), 1.0);
    sheet.grained(chance, 0.05)
}

fn tiles(chance: &mut Chance) -> Slice {
    let mut sheet = Sheet::new(chance, 1.0, chance.0 as f32 % 1.0);
    let (count, gap) = (chance.between(3.0, 12.0), chance.between(0.05, 0.2));
    let (stone, mortar) = (chance.between(0.4, 0.8), chance.between(0.1, 0.3));
    sheet.paint(mortar, |_, _| true);
    sheet.paint(stone, |x, y| {
        let row = (y * count).floor();
        (y * count).fract() > gap && (x * count / 2.0 + 0.5 * (row % 2.0)).fract() > gap / 2.0
    });
    sheet.grained(chance, 0.08)
}

/// From the side: skull, face with a nose, and neck down to the lower edge.
fn sagittal_head(chance: &mut Chance) -> Slice {
    let mut sheet = Sheet::new(chance, 1.0, 0.0);
    let (skin, brain) = (chance.between(0.6, 0.9), chance.between(0.35, 0.5));
    let nose = chance.between(0.1, 0.16);
    sheet.ellipse((0.54, 0.36), (0.38, 0.32), skin);
    sheet.block((0.3, 0.5), (0.72, 1.0), skin * 0.6);
    sheet.ellipse((0.3, 0.62), (0.14, 0.24), skin * 0.7);
    sheet.paint(skin * 0.8, |x, y| (0.45..0.62).contains(&y) && x < 0.3 && x > 0.2 - nose * (y - 0.45) / 0.17);
    sheet.ellipse((0.55, 0.35), (0.34, 0.28), 0.04);
    sheet.ellipse((0.55, 0.35), (0.32, 0.26), brain);
    sheet.ellipse((0.7, 0.6), (0.12, 0.09), brain * 1.1);
    sheet.block((0.52, 0.55), (0.6, 1.0), brain * 1.2);
    sheet.ellipse((0.36, 0.66), (0.06, 0.05), 0.02);
    sheet.grained(chance, 0.04)
}

/// From the side: vertebrae, discs and cord in a back that fills the picture.
fn spine(chance: &mut Chance) -> Slice {
    let mut sheet = Sheet::new(chance, 1.5, 0.02);
    let (bend, count) = (chance.between(0.02, 0.08), chance.between(6.0, 10.0));
    let (tissue, bone) = (chance.between(0.15, 0.35), chance.between(0.5, 0.75));
    sheet.block((0.08, 0.0), (0.94, 1.0), tissue);
    let middle = move |y: f32| 0.45 + bend * (5.0 * y).sin();
    sheet.paint(bone, |x, y| (x - middle(y)).abs() < 0.11 && (y * count).fract() > 0.25);
    sheet.paint(0.9, |x, y| (x - middle(y) - 0.19).abs() < 0.035);
    sheet.grained(chance, 0.05)
}
