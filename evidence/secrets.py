"""Secrets in evidence: taken out where it is read, so that no record, report or recording has one.

libvirt leaves passwords out unless somebody asks for them with VIR_DOMAIN_XML_SECURE, which needs a
connection that may write. What is left are files that somebody kept with them (/etc/libvirt/qemu in
a sosreport), metadata, QEMU's own arguments, and kernels' command lines. What stands in a secret's
place says so; `<secret uuid=.../>` is a reference (libvirt, formatsecret), and stays.
"""

import re

from vmfex.checks.model.fact import Fact, Known
from vmfex.evidence.by_content import by_content
from vmfex.evidence.tree import Tree, WrappingTree

LEFT_OUT = b"(a password was left out)"
KEY_LEFT_OUT = b"(a key was left out)"
LOOKED_AT = ("libvirt/", "etc/", "guests/", "ucsm/", "proc/cmdline", "kernel-log", "var/log/")
# Each pattern starts at a mark that no other match passes, so that all of it is linear.
_KINDS = (
    rb"(?:passwd|password|passphrase|passcode|pwd|(?<![a-z])pass(?![a-z])|secret|token"
    rb"|(?:api|access|private|secret)[_-]?key|(?:admin|root|user)(?:pass|pw)|psk)"
)
_NAME = rb"[\w.:-]*" + _KINDS
# Each pattern below needs one of these, in any case, or "pass": nearly all evidence has none.
_HINTS = (
    *(b"pwd", b"secret", b"token", b"psk", b"@"),
    *(b"apikey", b"api-key", b"api_key", b"accesskey", b"access-key", b"access_key"),
    *(b"adminpw", b"rootpw", b"userpw"),
    *(b"private key", b"private-key", b"private_key", b"privatekey", b"<cookie", b":cookie"),
    *(b"aaaa", b"key=", b"==", b"dhhc-1:", b"authorization", b"credential"),
)
_PEM = re.compile(
    rb"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:[^<-]|-(?!----))*"
    rb"(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)?"
)
_SSH_KEY = re.compile(rb"\b((?:sk-)?(?:ssh|ecdsa)-[a-z0-9@.-]{1,60})[ \t]+AAAA[A-Za-z0-9+/=]+")
_CEPH_KEY = re.compile(
    rb"(\bkey=)[A-Za-z0-9+/]{20,}={0,2}|(:key=)[^\s:'\"<>(]+|\bAQ[A-Za-z0-9+/]{36}=="
)
_NVME_KEY = re.compile(rb"\b(DHHC-1:)\d\d:[^\s:'\"<>]+:?")
# scheme://user:x@host, QEMU's iscsi://user%x@host, dracut's iscsi:user:x@host
_IN_URL = re.compile(
    rb"(://[^/\s:@'\"<>%]{0,200}(?::|%(?!40))|\biscsi:[^/\s:@'\"<>]{1,200}:)"
    rb"[^/\s@'\"<>]{1,200}(?=@)"
)
_TAG = re.compile(rb"<(" + _NAME + rb"|(?:[\w.-]*:)?cookie)(?:\s[^<>]*)?(?<!/)>", re.I)
_QUOTED = rb"(\"[^\"<]*\"|'[^'<]*')"
_ATTRIBUTE = re.compile(rb"((?<![\w.:-])" + _NAME + rb"\s*=\s*)" + _QUOTED, re.I)
# <env name='X_PASSWORD' value='...'/>, either first: the attribute beside the name is the value.
_SAYS = rb"\s(?:name|key)\s*=\s*[\"'][^\"'<>]{0,100}" + _KINDS + rb"[\"']"
_BESIDE = re.compile(rb"(" + _SAYS + rb"[^<>]{0,300}?\svalue\s*=\s*)" + _QUOTED, re.I)
_BEFORE = re.compile(rb"(\svalue\s*=\s*)" + _QUOTED + rb"(?=[^<>]{0,300}?" + _SAYS + rb")", re.I)
# <entry name='opt/x.password'>...</entry>
_WITHIN = re.compile(rb"(<[^<>]{0,300}?" + _SAYS + rb"[^<>]{0,300}(?<!/)>)[^<]*[^<\s][^<]*", re.I)
# QEMU's and the kernel's arguments: -vnc :1,password=x; -object secret,id=s,data=x
_ARGUMENT = re.compile(
    rb"("
    + _KINDS
    + rb"[ \t]*(?:=[ \t]*|:[ \t]+)|\bsecret,[^'\"<>\s]{0,300}?\bdata=)(?![('\"])[^\s,;'\"<>]+",
    re.I,
)
_DATA_FIRST = re.compile(rb"(\bsecret,data=)(?![('\"])[^\s,;'\"<>]+")
# systemd.set_credential=name:x, and io.systemd.credential:name=x in a table of SMBIOS
_CREDENTIAL = re.compile(
    rb"(\bset_credential(?:_binary)?=[^\s:=]{1,200}:|\bcredential(?:\.binary)?:[^\s:=]{1,200}=)"
    rb"[^\s,'\"<>(]+"
)
_HEADER = re.compile(rb"(\bauthorization:\s*(?:basic|bearer)\s+)[^\s'\"<>(]+", re.I)
_LINE = re.compile(rb"^([ \t-]*[\w.-]*" + _KINDS + rb"[ \t]*:[ \t]+)(?!\()\S[^\r\n<]*", re.I | re.M)
# JSON, as it is or in an attribute
_MARK = rb"(\"|'|&quot;|&apos;|&#34;|&#39;)"
_MEMBER = re.compile(
    _MARK + rb"([\w.-]{0,100}" + _KINDS + rb"\w{0,20})\1(\s*:\s*)\1((?:\\.|(?!\1)[^\\<>])*)\1", re.I
)
_OBJECT = re.compile(_MARK + rb"qom-type\1\s*:\s*\1secret\1")
_DATA = re.compile(_MARK + rb"(data)\1(\s*:\s*)\1((?:\\.|(?!\1)[^\\<>])*)\1")
# <encryption secret='UUID'/> of a TPM names one that libvirt keeps.
_REFERENCE = re.compile(
    rb"secret\s*=\s*[\"'][0-9a-f]{8}(?:-?[0-9a-f]{4}){4}[0-9a-f]{8}[\"']$", re.I
)


class WithoutSecrets(WrappingTree):
    """The same tree, with a note in the place of each secret that a file of it has."""

    def read(self, path: str) -> Fact[bytes | None]:
        found = self._tree.read(path)
        if isinstance(found, Known) and found.value and path.startswith(LOOKED_AT):
            of_many = path.startswith("ucsm/")
            clean = _cleaned_once(found.value, "") if of_many else without_secrets(found.value)
            return found if clean is found.value else Known(clean, found.evidence)
        return found

    def names(self, path: str) -> Fact[tuple[str, ...] | None]:
        return self._tree.names(path)

    def link(self, path: str) -> Fact[str | None]:
        return self._tree.link(path)

    def exists(self, path: str) -> Fact[bool]:
        return self._tree.exists(path)


def readable(tree: Tree) -> WithoutSecrets:
    """The tree as evidence is read from it."""
    return tree if isinstance(tree, WithoutSecrets) else WithoutSecrets(tree)


def without_secrets(raw: bytes) -> bytes:
    """The evidence with a note in the place of each password and key; itself where it has none."""
    small = raw.lower()
    if any(map(small.__contains__, _HINTS)) or b"pass" in small.replace(b"passthrough", b""):
        return _cleaned(raw)
    return raw


@by_content
def _cleaned_once(raw: bytes, _what: str) -> bytes:
    return without_secrets(raw)


def _cleaned(raw: bytes) -> bytes:
    clean = _PEM.sub(KEY_LEFT_OUT, raw)
    clean = _SSH_KEY.sub(rb"\1 " + KEY_LEFT_OUT, clean)
    clean = _CEPH_KEY.sub(_key, clean)
    clean = _NVME_KEY.sub(_key, clean)
    clean = _IN_URL.sub(rb"\1" + LEFT_OUT, clean)
    if b"<" in clean:
        clean = _emptied(clean)
        clean = _WITHIN.sub(rb"\1" + LEFT_OUT, clean)
        for pattern in (_BESIDE, _BEFORE):
            clean = pattern.sub(_quoted, clean)
    clean = _ATTRIBUTE.sub(_quoted, clean)
    for pattern in (_MEMBER, _DATA) if _OBJECT.search(clean) else (_MEMBER,):
        clean = pattern.sub(rb"\1\2\1\3\1" + LEFT_OUT + rb"\1", clean)
    for pattern in (_ARGUMENT, _DATA_FIRST, _CREDENTIAL, _HEADER, _LINE):
        clean = pattern.sub(rb"\1" + LEFT_OUT, clean)
    return raw if clean == raw else clean


def _emptied(raw: bytes) -> bytes:
    """Without what stands in an element of such a name, whatever that is: text, CDATA, others."""
    parts: list[bytes] = []
    done, endless = 0, set[bytes]()
    for tag in _TAG.finditer(raw):
        if tag.start() < done:
            continue
        end = -1 if tag[1] in endless else raw.find(b"</" + tag[1], tag.end())
        if end < 0:  # the evidence is cut
            endless.add(tag[1])
            end = raw.find(b"<", tag.end())
        end = len(raw) if end < 0 else end
        if raw[tag.end() : end].strip():
            parts += [raw[done : tag.end()], LEFT_OUT]
            done = end
    return b"".join([*parts, raw[done:]])


def _key(found: "re.Match[bytes]") -> bytes:
    return next(filter(None, found.groups()), b"") + KEY_LEFT_OUT


def _quoted(found: "re.Match[bytes]") -> bytes:
    if _REFERENCE.search(found[0]):
        return found[0]
    quote = found[2][:1]
    return found[1] + quote + LEFT_OUT + quote
