//! The slices that come with the page, from patients that the model never saw.

/// A slice and its label below `public/samples/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// What the button says.
    pub title: &'static str,
    /// Name of the slice's file.
    pub slice: &'static str,
    /// Name of the label's file.
    pub label: &'static str,
}

/// Origin and terms of all samples, shown beside them.
pub const CREDIT: &str = "LGG Segmentation Dataset (Buda et al. 2019; TCGA-LGG, TCIA), CC BY-NC-SA 4.0";

/// All of them.
pub const SAMPLES: [Sample; 3] = [
    Sample {
        title: "Large tumour",
        slice: "TCGA_CS_4941_19960909_13.webp",
        label: "TCGA_CS_4941_19960909_13_mask.png",
    },
    Sample {
        title: "Small tumour",
        slice: "TCGA_DU_7300_19910814_13.webp",
        label: "TCGA_DU_7300_19910814_13_mask.png",
    },
    Sample { title: "No tumour", slice: "TCGA_HT_7881_19981015_18.webp", label: "TCGA_HT_7881_19981015_18_mask.png" },
];
