//! The slices that come with the page, from patients that the model never saw.

use crate::language::{Text, text};

/// A slice or a study with its label, below `public/samples/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// What it shows.
    pub shows: Shows,
    /// A small picture of it there.
    pub picture: &'static str,
    /// Names of its files, the label last.
    pub files: &'static [&'static str],
}

/// What a sample shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shows {
    /// A tumour that the network outlines well.
    Large,
    /// One of few pixels.
    Small,
    /// One that the network misses until it is clicked on.
    Missed,
    /// No tumour.
    Nothing,
    /// Slices from one end to the other.
    Study,
}

impl Sample {
    /// What its button says.
    pub fn title(&self) -> Text {
        match self.shows {
            Shows::Large => text!("sample-large"),
            Shows::Small => text!("sample-small"),
            Shows::Missed => text!("sample-missed"),
            Shows::Nothing => text!("sample-nothing"),
            Shows::Study => text!("sample-study"),
        }
    }
}

/// Origin and terms of all samples, shown beside them.
pub const CREDIT: &str = "LGG Segmentation Dataset (Buda et al. 2019; TCGA-LGG, TCIA), CC BY-NC-SA 4.0";

/// A tumour that the network outlines well: the slice of the first screen.
pub const LARGE: Sample = Sample {
    shows: Shows::Large,
    picture: "TCGA_CS_4941_19960909_13_small.webp",
    files: &["TCGA_CS_4941_19960909_13.webp", "TCGA_CS_4941_19960909_13_mask.png"],
};

/// A tumour that the network misses until it is clicked on.
pub const MISSED: Sample = Sample {
    shows: Shows::Missed,
    picture: "TCGA_DU_6405_19851005_49_small.webp",
    files: &["TCGA_DU_6405_19851005_49.webp", "TCGA_DU_6405_19851005_49_mask.png"],
};

/// A whole study.
pub const STUDY: Sample = Sample {
    shows: Shows::Study,
    picture: "TCGA_CS_4941_19960909_study_small.webp",
    files: &[
        "TCGA_CS_4941_19960909_t1_pre.nii.gz",
        "TCGA_CS_4941_19960909_flair.nii.gz",
        "TCGA_CS_4941_19960909_t1_post.nii.gz",
        "TCGA_CS_4941_19960909_seg.nii.gz",
    ],
};

/// All of them.
pub const SAMPLES: [Sample; 5] = [
    LARGE,
    Sample {
        shows: Shows::Small,
        picture: "TCGA_DU_7300_19910814_13_small.webp",
        files: &["TCGA_DU_7300_19910814_13.webp", "TCGA_DU_7300_19910814_13_mask.png"],
    },
    MISSED,
    Sample {
        shows: Shows::Nothing,
        picture: "TCGA_HT_7881_19981015_18_small.webp",
        files: &["TCGA_HT_7881_19981015_18.webp", "TCGA_HT_7881_19981015_18_mask.png"],
    },
    STUDY,
];
