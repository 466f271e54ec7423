# shellcheck shell=sh disable=SC2154 # /lab/start sets `checkout` and `modules`
# Makes of a fresh kernel a host on which libvirt and the certification run. Sourced by /lab/start.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 VIRSH_DEFAULT_CONNECT_URI=qemu:///system
mkdir -p /mnt
mount --bind "$checkout" /mnt # it may be below one of these folders
for folder in run tmp var/tmp var/lib/libvirt var/log/libvirt; do
    mkdir -p "/$folder"
    mount -t tmpfs tmpfs "/$folder"
done
mkdir -p "$checkout"
mount --bind /mnt "$checkout"
mkdir -p /dev/pts /dev/shm /lib/modules /etc/libvirt
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
mount --bind "$modules" /lib/modules
hostname lab
ip link set lo up
/lib/systemd/systemd-udevd --daemon
modprobe -a kvm_amd vfio-pci vhost_net macvtap igb igbvf
udevadm trigger
udevadm settle --timeout=30
