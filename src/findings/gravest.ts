/** Programs by which everybody comes in, or everything is started. */
const gravest =
  /\/(?:sshd|sudo|su|login|runc|crun|containerd|containerd-shim[a-z0-9-]*|kubelet|crio|dockerd|systemd|pam_[a-z0-9_]+\.so|bash|sh|dash|ps|ls|ss|netstat)$/;

/** True for a program, by its path, that is worth most to who replaces it. */
export function isGravest(path: string): boolean {
  return gravest.test(path);
}
