# Sourced by mvnw. Maven itself has to run on JDK 25 or later, because the build of Quarkus loads classes of the
# application and looks at the Java that it runs on. Leaves JAVA_HOME as it is when that, or the java of the PATH, will
# do; otherwise sets it to a JDK where JDKs usually are.

wantedJava=25

# The major version that the JDK in this directory says it is, or 0.
jdk_version() {
  jdkVersion=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null) || :
  [ -x "$1/bin/javac" ] || jdkVersion=0
  printf %s "${jdkVersion:-0}"
}

find_jdk() {
  if [ -n "${JAVA_HOME-}" ]; then
    [ "$(jdk_version "$JAVA_HOME")" -lt "$wantedJava" ] || return 0
  elif command -v javac >/dev/null; then
    javacVersion=$(javac -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p') || :
    [ "${javacVersion:-0}" -lt "$wantedJava" ] || return 0
  fi
  set +f
  for jdk in "${GRAALVM_HOME:-/nowhere}" /usr/lib/jvm/* /opt/* /opt/java/* /usr/java/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
    "$HOME"/.local/share/mise/installs/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if [ "$(jdk_version "$jdk")" -ge "$wantedJava" ]; then
      JAVA_HOME=$jdk
      export JAVA_HOME
      break
    fi
  done
  set -f
  if [ -z "${JAVA_HOME-}" ] || [ "$(jdk_version "$JAVA_HOME")" -lt "$wantedJava" ]; then
    echo "Tally is built with JDK $wantedJava or later, and none was found. Install one and set JAVA_HOME to it." >&2
    exit 1
  fi
}

find_jdk
# What Maven's own libraries do that JDK 25 warns of.
export MAVEN_OPTS="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow ${MAVEN_OPTS-}"
