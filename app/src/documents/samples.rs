//! The slices that come with the page, from patients that the model never saw.

/// A slice or a study with its label, below `public/samples/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// What the button says.
    pub title: &'static str,
    /// Names of its files, the label last.
    pub files: &'static [&'static str],
}

/// Origin and terms of all samples, shown beside them.
pub const CREDIT: &str = "LGG Segmentation Dataset (Buda et al. 2019; TCGA-LGG, TCIA), CC BY-NC-SA 4.0";

/// All of them.
pub const SAMPLES: [Sample; 4] = [
    Sample { title: "Large tumour", files: &["TCGA_CS_4941_19960909_13.webp", "TCGA_CS_4941_19960909_13_mask.png"] },
    Sample { title: "Small tumour", files: &["TCGA_DU_7300_19910814_13.webp", "TCGA_DU_7300_19910814_13_mask.png"] },
    Sample { title: "No tumour", files: &["TCGA_HT_7881_19981015_18.webp", "TCGA_HT_7881_19981015_18_mask.png"] },
    Sample {
        title: "Whole study (3 MB)",
        files: &[
            "TCGA_CS_4941_19960909_t1_pre.nii.gz",
            "TCGA_CS_4941_19960909_flair.nii.gz",
            "TCGA_CS_4941_19960909_t1_post.nii.gz",
            "TCGA_CS_4941_19960909_seg.nii.gz",
        ],
    },
];
