# shellcheck shell=sh
# Asks libvirt to start what each refusal describes, and captures the host. Sourced by /lab/start, after start.sh.
# It needs no Python, so that it runs on hosts of every generation. In: /lab/asked/NAME/VARIANT/ with `before` and
# `after` (shell), networks/ and domains/ (XML), `active` (networks) and `start` (domains), a name a line, in order.
# Out: /lab/refusals/NAME/VARIANT/DOMAIN.status and DOMAIN.said, and capture.tar of before.
# An XML or a script names the functions: @vf0.1@ is the network device of the second VF of the first PF,
# @pci:vf0.1@ the attributes of its <address>, @bdf:vf0.1@ its address.

names=/run/names poses=/run/poses
pfs() { for file in /sys/bus/pci/devices/*/sriov_totalvfs; do readlink -f "${file%/*}"; done | sort; }

show() { # FUNCTION DEVICE: it looks like a VIC 1340
    mkdir -p $poses
    for id in vendor:0x1137 device:"$2" subsystem_vendor:0x1137 subsystem_device:0x012c; do
        echo "${id#*:}" >"$poses/${id#*:}"
        mount --bind "$poses/${id#*:}" "$1/${id%%:*}"
    done
}

know() { # WORD FUNCTION: what the word means in an XML
    set -- "$1" "$(basename "$2")" "$(ls "$2/net")"
    bus=${2#*:} slot=${2##*:}
    slot=${slot%.*}
    echo "s/@$1@/$3/g"
    echo "s/@bdf:$1@/$2/g"
    echo "s/@pci:$1@/domain='0x${2%%:*}' bus='0x${bus%%:*}' slot='0x$slot' function='0x${2##*.}'/g"
}

# libvirt 7.0 makes a VF's network device anew after some VMs, and bond, bridge or macvlan lose it: each host has VFs of its own.
make_vfs() {
    number=0
    for pf in $(pfs); do
        ls "$pf/net" >/dev/null || return # its driver is not there
        ip link set "$(ls "$pf/net")" up
        umount "$pf"/virtfn*/vendor "$pf"/virtfn*/device "$pf"/virtfn*/subsystem_* 2>/dev/null
        echo 0 >"$pf/sriov_numvfs"
        echo 2 >"$pf/sriov_numvfs"
        udevadm settle --timeout=60
        know "pf$number" "$pf"
        for vf in 0 1; do
            know "vf$number.$vf" "$(readlink -f "$pf/virtfn$vf")"
            show "$(readlink -f "$pf/virtfn$vf")" 0x0071
        done
        number=$((number + 1))
    done >$names
}

set_up_libvirt() {
    for user in libvirt-qemu qemu; do
        grep -q "^$user:" /etc/passwd || echo "$user:x:64055:64055::/:/bin/false" >>/etc/passwd
        grep -q "^$user:" /etc/group || echo "$user:x:64055:" >>/etc/group
    done
    mkdir -p /etc/libvirt/qemu/networks /var/cache/libvirt
    cp /lab/asked/qemu.conf /etc/libvirt/qemu.conf
    printf 'auth_unix_ro = "none"\nauth_unix_rw = "none"\n' >/run/libvirtd.conf
    libvirtd -f /run/libvirtd.conf &
    tries=0
    until virsh -r capabilities >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ $tries -lt 240 ] || return 1
        sleep 0.5
    done
}

say() { # OUT COMMAND...: what it said, and its status
    said=$1
    shift
    "$@" >"$said.said" 2>&1 </dev/null
    echo $? >"$said.status"
}

script() { sed -f $names "$1" >/run/script && sh /run/script; }

ask() { # NAME/VARIANT
    asked=/lab/asked/$1 out=/lab/refusals/$1 xml=/run/xml
    rm -rf "$out" $xml
    mkdir -p "$out" $xml
    make_vfs || touch "$out/failed"
    script "$asked/before" || touch "$out/failed"
    for file in "$asked"/networks/*.xml "$asked"/domains/*.xml; do
        [ -e "$file" ] && sed -f $names "$file" >"$xml/${file##*/}"
    done
    for file in "$asked"/networks/*.xml; do
        [ -e "$file" ] && virsh net-define "$xml/${file##*/}"
    done
    while read -r network; do virsh net-start "$network"; done <"$asked/active"
    for file in "$asked"/domains/*.xml; do
        domain=${file##*/} domain=${domain%.xml}
        say "$out/$domain.define" virsh define "$xml/$domain.xml"
    done
    echo "== $1" # in the log
    sh /lab/asked/capture.sh >"$out/capture.tar" 2>"$out/capture.log"
    while read -r domain; do say "$out/$domain.start" virsh start "$domain"; done <"$asked/start"
    for domain in $(virsh list --name); do virsh destroy "$domain"; done
    for link in $(ip -o link show type macvtap | sed 's/^[0-9]*: \([^@]*\)@.*/\1/'); do
        ip link delete "$link" # which libvirt 7.0 cannot on this kernel
    done
    for domain in $(virsh list --all --name); do virsh undefine "$domain"; done
    for network in $(virsh net-list --name); do virsh net-destroy "$network"; done
    for network in $(virsh net-list --all --name); do virsh net-undefine "$network"; done
    script "$asked/after" || touch "$out/failed"
    udevadm settle --timeout=30
    touch "$out/done"
}

ask_all() {
    for pf in $(pfs); do show "$pf" 0x0043; done
    set_up_libvirt || return
    virsh version >/lab/refusals/version
    while read -r each; do
        [ -e "/lab/refusals/$each/done" ] || ask "$each" # else QEMU failed, and booted again
    done </lab/asked/list
}
