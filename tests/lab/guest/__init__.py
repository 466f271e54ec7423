"""What runs in the lab's guest, as root: it sets the host up, and certifies it."""
