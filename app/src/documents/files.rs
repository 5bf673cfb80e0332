//! Files that a person hands over, by dropping, picking or pasting, and files that come with the page.

use js_sys::{Array, Promise, Reflect, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DataTransfer, File, FileList, FileSystemDirectoryEntry, FileSystemEntry, FileSystemFileEntry};

use super::fetched::{describe, sample};
use super::linked::Linked;
use crate::language::{Text, text};

/// A file of a person's, with where it lies in the folder that was handed over.
#[derive(Clone)]
pub struct Own {
    /// The file.
    pub file: File,
    /// Its name, after those of the folders that it lies in: whose images they are and what merely lies beside them shows in those.
    pub path: String,
}

impl Own {
    /// A file of a list: a picker of folders says where it lies, all others leave that empty.
    fn listed(file: File) -> Self {
        let path = Reflect::get(&file, &"webkitRelativePath".into()).ok().and_then(|path| path.as_string());
        let path = path.filter(|path| !path.is_empty()).unwrap_or_else(|| file.name());
        Self { file, path }
    }
}

/// The files of a drop, a paste or a picker, in order.
pub fn listed(files: Option<FileList>) -> Vec<Own> {
    let files = files.into_iter().flat_map(|files| (0..files.length()).filter_map(move |at| files.get(at)));
    files.map(Own::listed).collect()
}

/// The files of a drop or a paste.
pub fn transferred(transfer: Option<DataTransfer>) -> Vec<Own> {
    listed(transfer.and_then(|transfer| transfer.files()))
}

/// A file to open.
pub enum Handed {
    /// A person's.
    Own(Own),
    /// One that comes with the page, by its name below `public/samples/`.
    Sample(&'static str),
    /// One of this site that the page's address names.
    Linked(Linked),
}

impl Handed {
    /// Its name, after those of its folders.
    pub fn path(&self) -> String {
        match self {
            Self::Own(own) => own.path.clone(),
            Self::Sample(name) => (*name).into(),
            Self::Linked(linked) => linked.name.clone(),
        }
    }

    /// What is in it.
    ///
    /// # Errors
    ///
    /// What to tell the person where it cannot be had.
    pub async fn bytes(&self) -> Result<Uint8Array, Text> {
        match self {
            Self::Own(own) => bytes(&own.file).await.map_err(|why| text!("file-unreadable", name = &own.path, why)),
            Self::Sample(name) => sample(name).await.map_err(|why| text!("sample-not-loaded", name = *name, why)),
            Self::Linked(linked) => linked.bytes().await,
        }
    }
}

/// Something that was dropped.
pub enum Dropped {
    /// A file.
    File(Own),
    /// A folder.
    Folder(FileSystemDirectoryEntry),
}

/// What a drop holds, folders unopened.
pub fn dropped(transfer: Option<DataTransfer>) -> Vec<Dropped> {
    let Some(transfer) = transfer else { return Vec::new() };
    let items = transfer.items();
    let folder = |at: u32| {
        let entry = items.get(at)?.webkit_get_as_entry().ok().flatten()?;
        entry.is_directory().then(|| Dropped::Folder(entry.unchecked_into()))
    };
    let folders: Vec<Dropped> = (0..items.length()).filter_map(folder).collect();
    // A folder is listed among the files too, as one that cannot be read.
    let alone = folders.is_empty();
    let file = |at: u32| items.get(at)?.get_as_file().ok().flatten();
    let is_folder = |at: u32| folder(at).is_some();
    let files: Vec<Own> = match alone {
        true => listed(transfer.files()),
        false => (0..items.length()).filter(|&at| !is_folder(at)).filter_map(file).map(Own::listed).collect(),
    };
    files.into_iter().map(Dropped::File).chain(folders).collect()
}

/// All files, those in folders and their folders too.
pub async fn within(dropped: Vec<Dropped>) -> Vec<Own> {
    let mut files = Vec::new();
    let mut folders = Vec::new();
    for item in dropped {
        match item {
            Dropped::File(file) => files.push(file),
            Dropped::Folder(folder) => folders.push(folder),
        }
    }
    while let Some(folder) = folders.pop() {
        let reader = folder.create_reader();
        // A reader hands out its entries in portions, the last of them empty.
        loop {
            let portion = Promise::new(&mut |resolve, reject| {
                drop(reader.read_entries_with_callback_and_callback(&resolve, &reject));
            });
            let Ok(portion) = JsFuture::from(portion).await else { break };
            let portion = Array::from(&portion);
            if portion.length() == 0 {
                break;
            }
            for entry in portion.iter() {
                let entry: FileSystemEntry = entry.unchecked_into();
                if entry.is_directory() {
                    folders.push(entry.unchecked_into());
                } else {
                    let path = entry.full_path().trim_start_matches('/').to_owned();
                    let entry: FileSystemFileEntry = entry.unchecked_into();
                    let file =
                        Promise::new(&mut |resolve, reject| entry.file_with_callback_and_callback(&resolve, &reject));
                    if let Ok(file) = JsFuture::from(file).await {
                        files.push(Own { file: file.unchecked_into(), path });
                    }
                }
            }
        }
    }
    files
}

/// The bytes of a file.
async fn bytes(file: &File) -> Result<Uint8Array, Text> {
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(|error| describe(&error))?;
    Ok(Uint8Array::new(&buffer))
}
