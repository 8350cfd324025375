/** Image of the collector pod unless `--collector-image` names another: a static busybox, pinned by digest. */
export const collectorImage =
  'busybox:1.37.0-musl@sha256:5cec3fc171c87218698e85a52af7087de727372aae264a787b8112901a5b0092';
