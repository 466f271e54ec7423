"""Secrets in evidence: none gets out of it, whatever is made of it."""

import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.support.capturing import SHELLS, members, run_script
from tests.support.construct import RawTree, construct
from tests.support.construct.hosts import REFERENCE
from tests.support.sessions import certify, plain
from tests.support.world import world_of
from vmfex.evidence import secrets
from vmfex.evidence.every_fact import read_everything
from vmfex.evidence.host import ReadHost
from vmfex.evidence.recorder import RecordingTree
from vmfex.evidence.secrets import without_secrets
from vmfex.evidence.sources.recorded import load

KEY = "MIIEpAIBAAKCAQEAs3cr3t+Key/Material"
CEPH = "AQBs3cr3tCephKeyOfFortyCharactersLon/A=="
PLANTED = {  # secrets, each in XML as people have them, with the word that gives it away
    "a VNC password": "<graphics type='vnc' passwd='S3cr3tVnc' "
    "passwdValidTo='2030-01-01T00:00:00'/>",
    "a SPICE password": '<graphics type="spice" port="-1" passwd = "S3cr3tSpice"/>',
    "a private key": "<m:key xmlns:m='u'>-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"
    f"DEK-Info: AES-128-CBC,S3cr3t\n\n{KEY}\n-----END RSA PRIVATE KEY-----\n</m:key>",
    "a private key that is cut": "<m:k xmlns:m='u'>-----BEGIN OPENSSH PRIVATE KEY-----"
    f"\n{KEY}</m:k>",
    "a private key in an attribute": "<m:k xmlns:m='u' v='-----BEGIN EC PRIVATE KEY-----&#10;S3cr3t"
    f"{KEY}&#10;-----END EC PRIVATE KEY-----'/>",
    "an SSH key": "<m:k xmlns:m='u'>ssh-ed25519 AAAAS3cr3tC3NzaC1lZDI1NTE5 admin@h</m:k>",
    "a ceph key": "<disk type='network'><source protocol='rbd' "
    f"name='p/i:id=a:key={CEPH}:x'/></disk>",
    "a ceph key alone": f"<m:k xmlns:m='u'>{CEPH}</m:k>",
    "a secret": "<secret>S3cr3t</secret>",
    "a secret of a kind": "<m:ceph-secret xmlns:m='u' type='x'>S3cr3t</m:ceph-secret>",
    "a password": "<m:adminPassword-password xmlns:m='u'>\n S3cr3t </m:adminPassword-password>",
    "a password in CDATA": "<password><![CDATA[<S3cr3t>]]></password>",
    "a password of UTF-8": "<password>S3cr3t\u00fc\u202e</password>",
    "a cookie": "<cookies><cookie name='x'>S3cr3t</cookie></cookies>",
    "a URL": "<source protocol='https' name='https://user:S3cr3t@h/x'/>",
    "QEMU's argument": "<q:arg xmlns:q='u' value='secret,id=s0,format=raw,data=S3cr3t'/>",
    "QEMU's other argument": "<q:arg xmlns:q='u' value=':1,password=S3cr3t,tls'/>",
    "QEMU's environment": "<q:env xmlns:q='u' name='VNC_PASSWORD' value='S3cr3t'/>",
    "QEMU's environment, turned round": "<q:env xmlns:q='u' value='S3cr3t' name='VNC_PASSWORD'/>",
    "QEMU's argument, turned round": "<q:arg xmlns:q='u' value='secret,data=S3cr3t,id=s0'/>",
    "QEMU's object in JSON": "<q:arg xmlns:q='u' "
    """value='{"qom-type":"secret","id":"s","data":"S3cr3t"}'/>""",
    "QEMU's block device in JSON": "<q:arg xmlns:q='u' "
    "value='json:{&quot;driver&quot;:&quot;ssh&quot;,&quot;password&quot; : &quot;S3cr3t&quot;}'/>",
    "Ignition's hash": "<q:arg xmlns:q='u' "
    """value='name=opt/com.coreos/config,string={"users":[{"passwordHash":"$6$S3cr3t"}]}'/>""",
    "a table of SMBIOS": "<sysinfo type='smbios'><oemStrings><entry>"
    "io.systemd.credential:passwd.hashed-password.root=$6$S3cr3t</entry></oemStrings></sysinfo>",
    "a firmware's entry": "<sysinfo type='fwcfg'><entry name='opt/secret'>S3cr3t</entry></sysinfo>",
    "QEMU's iSCSI": "<q:arg xmlns:q='u' value='file=iscsi://user%S3cr3t@10.0.0.1/iqn'/>",
    "QEMU's RBD": "<q:arg xmlns:q='u' value='file=rbd:p/i:id=a:key=S3cr3t:mon_host=h'/>",
    "a name in one word": "<m:adminPass xmlns:m='u'>S3cr3t</m:adminPass>",
    "a password beside an element": "<secret><x>1</x>S3cr3t</secret>",
    "a password beside a comment": "<passwd><!-- c -->S3cr3t</passwd>",
    "a password partly in CDATA": "<passwd>a<![CDATA[S3cr3t]]></passwd>",
    "cloud-init's user data": "<m:user_data xmlns:m='u'>#cloud-config\n"
    "password: S3cr3t x\nchpasswd: {expire: False}</m:user_data>",
    "a password that looks like a UUID": "<graphics type='spice' "
    "passwd='53cc3300-3dca-4ff9-9a1d-40389758d081'/>",
    "a header": "<m:x xmlns:m='u'>Authorization: Bearer S3cr3t</m:x>",
}
TELLING = ("S3cr3t", KEY, "s3cr3t", "53cc3300")


@pytest.mark.parametrize("kind", PLANTED)
def test_taken_out_and_said(kind: str) -> None:
    """What stands in its place says what was there."""
    clean = without_secrets(f"<domain>{PLANTED[kind]}</domain>".encode()).decode()
    assert not [word for word in TELLING if word in clean]
    assert "(a password was left out)" in clean or "(a key was left out)" in clean


@pytest.mark.parametrize(
    "told",
    [
        "<description>root password: S3cr3t</description>",
        "<description>log in with pwd=S3cr3t</description>",
        "<x:pass xmlns:x='urn:x'>S3cr3t</x:pass>",
        "<x:pwd xmlns:x='urn:x'>S3cr3t</x:pwd>",
        "<qemu:env name='DB_PWD' value='S3cr3t'/>",
        "<qemu:env name='MY_PASS' value='S3cr3t'/>",
        "<qemu:env name='AWS_SECRET_ACCESS_KEY' value='S3cr3t'/>",
        "<x api_key='S3cr3t'/>",
        "<oemStrings><entry>cloud-init: passwd: S3cr3t</entry></oemStrings>",
    ],
)
def test_other_words_in_a_domain(told: str) -> None:
    """As people write them, in the middle of a text too; the XML stays whole."""
    clean = without_secrets(f"<domain xmlns:qemu='urn:q'>{told}</domain>".encode())
    assert b"S3cr3t" not in clean
    assert etree.fromstring(clean).tag == "domain"


@pytest.mark.parametrize(
    "honest",
    [
        "<source dev='eth2' mode='passthrough'/>",
        "iommu=pt iommu.passthrough=1 vfio-pci.bypass_x=1",
        "[    0.1] alg: self-tests passed: 3, compass: 4",
        "<secret type='ceph' uuid='2a5b08e4-3dca-4ff9-9a1d-40389758d081'/>",
        "<graphics type='vnc' port='-1' autoport='yes' passwdValidTo='2030-01-01T00:00:00'/>",
        "<parameters profileid='key-password'/>",
        "<name>password=x y</name>".replace("=x y", ""),
        "<keywrap><cipher name='aes' state='off'/></keywrap>",
        "intel_iommu=on pci=nocrs root=UUID=0d8b2b5c ssh-server token ring",
        "driver: secret pass through https://www.cisco.com/x",
        "<tpm><backend><encryption secret='6dd3e4a5-1d76-44ce-961f-f119f5aad935'/></backend></tpm>",
        "<host name='iqn.2013-07.com.example:iscsi-nopool'/>",
        "<source name='ssh://admin%40example.com@h/x'/>",
    ],
)
def test_what_is_no_secret_stays(honest: str) -> None:
    """Byte for byte: names, references and what a rule needs."""
    assert without_secrets(honest.encode()) == honest.encode()


def test_command_line_of_the_kernel() -> None:
    said = without_secrets(b"intel_iommu=on inst.password=S3cr3t quiet\n").decode()
    assert said == "intel_iommu=on inst.password=(a password was left out) quiet\n"


@pytest.mark.parametrize(
    "word",
    [
        *("inst.rootpw=S3cr3t", "wpa_passphrase=S3cr3t", "rd.nvmf.hostkey=DHHC-1:00:S3cr3t:"),
        *("netroot=iscsi:user:S3cr3t@10.0.0.1::3260::iqn", "rd.iscsi.in.password=S3cr3t"),
        *("systemd.set_credential=passwd.plaintext-password.root:S3cr3t", "password = S3cr3t"),
        "netroot=iscsi:user:S3cr3t:back:S3cr3t@10.0.0.1::3260::iqn",
        *('inst.vncpassword="S3cr3t S3cr3t"', "pwd=S3cr3t", "admin_pass='S3cr3t'"),
        *("aws_secret_access_key=S3cr3t", "api_key: S3cr3t"),
    ],
)
def test_other_words_for_the_kernel(word: str) -> None:
    """Those of installers, dracut and systemd; what stands beside them stays."""
    said = without_secrets(f"intel_iommu=on {word} quiet\n".encode()).decode()
    assert "S3cr3t" not in said
    assert said.startswith("intel_iommu=on ")
    assert said.endswith(" quiet\n")


@pytest.fixture(scope="module")
def planted() -> RawTree:
    """The reference host with every secret in a VM's metadata, and in its kernel's log."""
    raw = construct(REFERENCE)
    everything = "".join(PLANTED.values())
    for path in [p for p in raw.files if p.startswith("libvirt/domains/")]:
        text = raw.files[path].decode()
        raw.files[path] = text.replace(
            "</domain>", f"<metadata>{everything}</metadata></domain>"
        ).encode()
    raw.files["kernel-log"] = (
        raw.files.get("kernel-log", b"") + b"Command line: inst.password=S3cr3t intel_iommu=on\n"
    )
    return raw


def secrets_in(folder: Path) -> list[str]:
    """The files below a folder that have one."""
    found = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return [str(path) for path in found if any(w.encode() in path.read_bytes() for w in TELLING)]


def test_no_output_has_one(planted: RawTree, tmp_path: Path) -> None:
    """Record, JUnit, Allure's results and page, the terminal, by both ways: and the evidence in
    the record says that something was left out."""
    planted.write(tmp_path / "host")
    run = certify(tmp_path / "out", tmp_path / "host", html=True)
    assert run.status in (0, 1, 6), run.stderr
    assert not secrets_in(run.out)
    assert not [word for word in TELLING if word in run.stdout + run.stderr]
    assert "(a password was left out)" in (run.out / "certification.json").read_text()
    other = plain(tmp_path / "other", tmp_path / "host")
    assert not secrets_in(other.out)
    assert not [word for word in TELLING if word in other.stdout + other.stderr]


@pytest.mark.parametrize("name", ["recording", "recording.tar"])
def test_no_recording_has_one(planted: RawTree, name: str, tmp_path: Path) -> None:
    planted.write(tmp_path / "host")
    tree = RecordingTree(load(tmp_path / "host"))
    read_everything(ReadHost(tree))
    assert not tree.write(tmp_path / "made" / name)
    assert not secrets_in(tmp_path / "made")
    again = load(tmp_path / "made" / name)
    domain = next(p for p in planted.files if p.startswith("libvirt/domains/"))
    assert again.read(domain) == tree.read(domain)
    assert "(a password was left out)" in str(again.read(domain))


@pytest.mark.parametrize("old", [False, True])
@pytest.mark.parametrize("shell", SHELLS)
def test_no_capture_has_one(planted: RawTree, shell: str, old: bool, tmp_path: Path) -> None:
    """What the capture script carries off is left out on the host: what libvirt's own elements and
    QEMU's arguments have, and private keys. The rest goes when the capture is read."""
    planted.write(tmp_path / "host")
    with world_of(load(tmp_path / "host"), old=old) as world:
        raw = run_script(shell, root=world.root, tools=world.tools)
    domains = [text for path, text in members(raw).items() if path.startswith("libvirt/domains/")]
    assert domains
    for text in domains:
        assert b"(a password was left out)" in text
        for word in (b"S3cr3tVnc", b"password=S3cr3t", KEY.encode(), b"key=" + CEPH.encode()):
            assert word not in text


SECRETIVE = st.sampled_from(
    [
        *(b"password", b"passcode", b"Passphrase", b"secret,data=", b"token", b"api-key", b"PSK"),
        *(b"adminpw", b"rootpass", b"ssh-rsa AAAAx", b"key=", b"A" * 20, b"AQ" + b"B" * 36 + b"=="),
        *(b"DHHC-1:", b"00:", b"://u:p@h", b"iscsi:u:p@h", b"cookie", b"set_credential=a:b"),
        *(b"authorization: Basic x", b"-----BEGIN PRIVATE KEY-----", b"<", b">", b"'", b'"', b"="),
        *(b"pwd", b"pass", b"through", b"userpass", b"api", b"access", b"_key", b"pwd: ", b"pass="),
        *(b"private", b"-key", b"key", b":", b" ", b"\n", b"/", b"name", b"value", b"x", b"1"),
    ]
)


@given(st.lists(SECRETIVE, max_size=12).map(b"".join))
def test_nothing_is_passed_over(raw: bytes) -> None:
    """Evidence that is not gone through, since it has no hint of a secret, has none."""
    with mock.patch.object(secrets, "_HINTS", (b"",)):
        wanted = without_secrets(raw)
    assert without_secrets(raw) == wanted


@given(st.binary(max_size=300))
def test_any_bytes(raw: bytes) -> None:
    """Nothing raises, and what is clean stays clean."""
    clean = without_secrets(raw)
    assert without_secrets(clean) == clean


SECONDS = 30  # of processor time; each of them takes less than one, and hours if it is quadratic
CHILD = """
import resource
resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds}))
from vmfex.evidence.secrets import without_secrets
for piece in {pieces}:
    without_secrets(piece * (2**20 // len(piece)))
"""
HOSTILE = [
    *(b"<secret><![CDATA[", b' password="', b"-----BEGIN RSA PRIVATE KEY-----", b"<password>"),
    *(b" name='password'", b"<x name='password'>", b"a_secret", b'"password":"', b'"secret":"\\'),
    *(b" value='x' name=", b"iscsi:a:", b"io.systemd.credential:", b"\npassword:", b"<secret a>"),
    *(b"a_password=", b"\npassword", b"<secret></secrets>", b"<a_secret>b</b_secret>"),
    *(b"://a:", b"secret,data", b"key=A", b"ssh-a ", b"x"),
]


def test_takes_time_in_proportion() -> None:
    """A MiB each of what might make a pattern go back again and again."""
    code = CHILD.format(seconds=SECONDS, pieces=HOSTILE)
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (child.returncode, child.stderr) == (0, "")
