# shellcheck shell=sh disable=SC2154 # /lab/start sets `checkout` (empty where there is none) and `modules`
# Makes of a fresh kernel a host on which libvirt and the certification run. Sourced by /lab/start.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 VIRSH_DEFAULT_CONNECT_URI=qemu:///system
mkdir -p /mnt
[ -z "$checkout" ] || mount --bind "$checkout" /mnt # it may be below one of these folders
for folder in run tmp var/tmp var/lib/libvirt var/log/libvirt; do
    mkdir -p "/$folder"
    mount -t tmpfs tmpfs "/$folder"
done
[ -z "$checkout" ] || { mkdir -p "$checkout" && mount --bind /mnt "$checkout"; }
mkdir -p /dev/pts /dev/shm /lib/modules /etc/libvirt
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
if [ "$modules" = 9p ]; then # as the guest's root is not the machine's
    mount -t 9p -o ro,cache=loose,trans=virtio,version=9p2000.L modules /lib/modules
else
    mount --bind "$modules" /lib/modules
fi
hostname lab
ip link set lo up
/lib/systemd/systemd-udevd --daemon
modprobe -a kvm_amd vfio-pci vhost_net macvtap igb igbvf
udevadm trigger
udevadm settle --timeout=30
