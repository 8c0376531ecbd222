"""Signatures with a private key of the sender, checked with its public one."""

KEY_BYTES = 32
SIGNATURE_BYTES = 64


def is_signed_by(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the signature is the message's under the key; False for what is no key or none."""
    if len(public_key) != KEY_BYTES or len(signature) != SIGNATURE_BYTES:
        return False
    # 50 ms, which only sources pay that sign like this.
    from nacl.exceptions import BadSignatureError
    from nacl.signing import VerifyKey

    try:
        VerifyKey(public_key).verify(message, signature)
    except BadSignatureError:
        return False
    return True
