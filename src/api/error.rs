//! Our error as Node-API's. It stands here so that no room below knows Node-API.

use crate::error::Error;

impl From<Error> for napi::Error {
    fn from(error: Error) -> napi::Error {
        napi::Error::from_reason(error.to_json())
    }
}
