<?php
// The web server (fastcgi_param) or the shell says which port, socket and database.
$greenroom = fn($name) => $_SERVER[$name] ?? (getenv($name) ?: '');
define('DB_NAME', $greenroom('WP_DATABASE'));
define('DB_USER', 'wp');
define('DB_PASSWORD', 'wp');
define('DB_HOST', 'localhost:' . $greenroom('WP_SOCK'));
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
define('WP_HOME', 'http://127.0.0.1:' . $greenroom('WP_PORT'));
define('WP_SITEURL', 'http://127.0.0.1:' . $greenroom('WP_PORT'));
// allows application passwords without TLS
define('WP_ENVIRONMENT_TYPE', 'local');
define('DISABLE_WP_CRON', true);
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
define('WP_DEBUG', false);
// a test puts this file there to see a site whose trash is disabled
if (file_exists(__DIR__ . '/no-trash')) define('EMPTY_TRASH_DAYS', 0);
foreach (['AUTH_KEY', 'SECURE_AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY', 'AUTH_SALT', 'SECURE_AUTH_SALT',
          'LOGGED_IN_SALT', 'NONCE_SALT'] as $key) define($key, "test-only-$key");
$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
