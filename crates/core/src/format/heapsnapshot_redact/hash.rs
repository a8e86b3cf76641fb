//! The hashes that stand for names of properties and for numbers of elements.

use std::hash::Hasher;

use siphasher::sip::SipHasher24;

use super::options::KeySalt;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// 64 bits have eleven digits of base 62.
const NAME_DIGITS: usize = 11;

/// `#` and eleven letters or digits, from the UTF-16 units of a name.
pub(super) fn name(salt: &KeySalt, units: &[u16]) -> [u8; NAME_DIGITS + 1] {
    let mut hasher = SipHasher24::new_with_key(salt.bytes());
    for unit in units {
        hasher.write(&unit.to_le_bytes());
    }
    let mut rest = hasher.finish();
    let mut text = [b'#'; NAME_DIGITS + 1];
    for place in text[1..].iter_mut().rev() {
        *place = DIGITS[(rest % 62) as usize];
        rest /= 62;
    }
    text
}

/// A number of 2^31 to 2^32 - 2, the largest index that JavaScript has.
pub(super) fn index(salt: &KeySalt, index: u64) -> u64 {
    let mut hasher = SipHasher24::new_with_key(salt.bytes());
    // Nine bytes: no text of UTF-16 units has an odd length, so none gives the same hash.
    hasher.write_u8(b'i');
    hasher.write(&index.to_le_bytes());
    (1 << 31) + hasher.finish() % ((1 << 31) - 1)
}
