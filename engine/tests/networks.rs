//! Every network there is, small and not fitted, through the engine: loading, the known question, slices and prompts.

use burn::prelude::Device;
use burn::tensor::DType;
use engine::{EngineError, Manifest, Segmenter, SelfTest, WeightsFile};
use imaging::{Guidance, Planes, Prompt, PromptKind, SEQUENCES, Slice};
use model::{NetworkConfig, Normalization};
use pollster::block_on;
use serde_json::json;

fn small(kind: &str) -> NetworkConfig {
    let size = if kind == "resunet_plus_plus" { json!({"widths": [8, 16, 24, 32, 40]}) } else { json!({"width": 8}) };
    let mut config = size;
    config["kind"] = kind.into();
    serde_json::from_value(config).unwrap()
}

/// The network as a packaged model, with what a manifest says of it beside what it has to say.
fn segmenter(network: &NetworkConfig, more: &serde_json::Value) -> Segmenter {
    let device = Device::flex();
    device.seed(9);
    let weights = network.clone().with_normalization(Normalization::Folded).init(&device).weights(DType::F16).unwrap();
    let mut manifest = json!({
        "id": "small", "name": network.name(), "network": network,
        "normalization": {"kind": "per_slice", "deviation_floor": 0.05},
        "longest_side": 64, "threshold": 0.5, "presence_threshold": 0.0,
        "weights": WeightsFile::new("weights.safetensors", &weights),
        "self_test": {"file": "self-test.safetensors", "tolerance": 1e-3},
        "licence": "Random numbers.",
    });
    manifest.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    Segmenter::new(Manifest::parse(manifest.to_string().as_bytes()).unwrap(), weights, device).unwrap()
}

fn slice() -> Slice {
    Slice::new(40, 56, vec![(0..40 * 56).map(|at| (at % 40) as f32 / 40.0).collect()])
}

fn click() -> Guidance {
    Guidance { prompts: vec![Prompt::click(20.0, 20.0, PromptKind::Tumor)], previous: None }
}

#[test]
fn every_network_answers_the_known_question_and_takes_prompts_or_refuses_them() {
    for kind in NetworkConfig::KINDS {
        let config = small(kind);
        let segmenter = segmenter(&config, &json!({}));
        let side = 64.max(config.multiple());
        let values = (0..SEQUENCES * side * side).map(|at| (at % 17) as f32 / 8.0 - 1.0).collect();
        let test = block_on(SelfTest::record(&segmenter, Planes { width: side, height: side, values })).unwrap();
        let test = SelfTest::parse(&test.to_bytes()).unwrap();
        assert!(block_on(test.run(&segmenter)).unwrap() <= segmenter.manifest().self_test.tolerance, "{kind}");

        let (_, map) = block_on(segmenter.segment(&slice())).unwrap();
        assert_eq!((map.width(), map.height()), (40, 56), "{kind}");
        let refined = block_on(segmenter.refine(&segmenter.prepare(&slice()), &click()));
        assert_eq!(segmenter.manifest().takes_prompts(), config.takes_guidance(), "{kind}");
        match refined {
            Ok(_) => assert!(config.takes_guidance(), "{kind}"),
            Err(error) => {
                assert!(matches!(error, EngineError::NoPrompts) && !config.takes_guidance(), "{kind}: {error}")
            }
        }
    }
}

#[test]
fn a_manifest_may_forbid_prompts_that_its_network_could_take() {
    let config = small("resunet_plus_plus");
    let segmenter = segmenter(&config, &json!({"prompts": false}));
    let refused = block_on(segmenter.refine(&segmenter.prepare(&slice()), &click())).unwrap_err();
    assert!(matches!(refused, EngineError::NoPrompts) && refused.to_string().contains("on its own"), "{refused}");
    assert!(block_on(segmenter.segment(&slice())).is_ok());
    let written = serde_json::to_value(segmenter.manifest()).unwrap();
    assert_eq!(written["prompts"], false);
}
