"""Secrets in evidence: taken out where it is read, so that no record, report or recording has one.

libvirt leaves passwords out unless somebody asks for them with VIR_DOMAIN_XML_SECURE, which needs a
connection that may write. What is left are files that somebody kept with them (/etc/libvirt/qemu in
a sosreport), metadata, QEMU's own arguments, and kernels' command lines. What stands in a secret's
place says so; `<secret uuid=.../>` is a reference (libvirt, formatsecret), and stays.
"""

import re

from vmfex.checks.model.fact import Fact, Known
from vmfex.evidence.tree import Tree, WrappingTree

LEFT_OUT = b"(a password was left out)"
KEY_LEFT_OUT = b"(a key was left out)"
LOOKED_AT = ("libvirt/", "etc/", "guests/", "ucsm/", "proc/cmdline", "kernel-log", "var/log/")
# Each pattern starts at a mark that no other match passes, so that all of it is linear.
_KINDS = rb"(?:passwd|password|passphrase|secret|token|api-?key|private-?key)"
_NAME = rb"(?:[\w.:-]*[_.:-])?" + _KINDS
_HINT = re.compile(
    rb"pass|secret|token|key|cookie|PRIVATE|ssh-|ecdsa-|AQ[A-Za-z0-9+/]{36}==|://[^/\s]{1,400}@",
    re.I,
)
_PEM = re.compile(
    rb"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:[^<-]|-(?!----))*"
    rb"(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)?"
)
_SSH_KEY = re.compile(rb"\b((?:sk-)?(?:ssh|ecdsa)-[a-z0-9@.-]{1,60})[ \t]+AAAA[A-Za-z0-9+/=]+")
_CEPH_KEY = re.compile(rb"\b(key=)[A-Za-z0-9+/]{20,}={0,2}|\bAQ[A-Za-z0-9+/]{36}==")
_IN_URL = re.compile(rb"(://[^/\s:@'\"<>]{0,200}:)[^/\s@'\"<>]{1,200}(?=@)")
_TAG = rb"(<(?:" + _NAME + rb"|(?:[\w.-]*:)?cookie)(?:\s[^<>]*)?(?<!/)>)"
_ELEMENT = re.compile(_TAG + rb"[^<]*[^<\s][^<]*", re.I)
_CDATA = re.compile(_TAG + rb"\s*<!\[CDATA\[.*?\]\]>", re.I | re.S)
_QUOTED = rb"(\"[^\"<]*\"|'[^'<]*')"
_ATTRIBUTE = re.compile(rb"(\s" + _NAME + rb"\s*=\s*)" + _QUOTED, re.I)
# <env name='X_PASSWORD' value='...'/>: the attribute beside the name is the value.
_BESIDE = re.compile(
    rb"(\s(?:name|key)\s*=\s*[\"']" + _NAME + rb"[\"'][^<>]{0,300}?\svalue\s*=\s*)" + _QUOTED, re.I
)
# QEMU's and the kernel's arguments: -vnc :1,password=x; -object secret,id=s,data=x
_ARGUMENT = re.compile(
    rb"(\b" + _KINDS + rb"=|\bsecret,[^'\"<>\s]{0,300}?\bdata=)(?![('\"])[^,;'\"<>\s]+", re.I
)


class WithoutSecrets(WrappingTree):
    """The same tree, with a note in the place of each secret that a file of it has."""

    def read(self, path: str) -> Fact[bytes | None]:
        found = self._tree.read(path)
        if isinstance(found, Known) and found.value and path.startswith(LOOKED_AT):
            clean = without_secrets(found.value)
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
    if not _HINT.search(raw):
        return raw
    clean = _PEM.sub(KEY_LEFT_OUT, raw)
    clean = _SSH_KEY.sub(rb"\1 " + KEY_LEFT_OUT, clean)
    clean = _CEPH_KEY.sub(_key, clean)
    clean = _IN_URL.sub(rb"\1" + LEFT_OUT, clean)
    if b"<" in clean:
        head, ended, tail = clean.rpartition(b"]]>")  # what has no end would be sought for ever
        clean = _CDATA.sub(rb"\1" + LEFT_OUT, head + ended) + tail
        clean = _ELEMENT.sub(rb"\1" + LEFT_OUT, clean)
        for pattern in (_ATTRIBUTE, _BESIDE):
            clean = pattern.sub(_quoted, clean)
    clean = _ARGUMENT.sub(rb"\1" + LEFT_OUT, clean)
    return raw if clean == raw else clean


def _key(found: "re.Match[bytes]") -> bytes:
    return (found[1] or b"") + KEY_LEFT_OUT


def _quoted(found: "re.Match[bytes]") -> bytes:
    quote = found[2][:1]
    return found[1] + quote + LEFT_OUT + quote
