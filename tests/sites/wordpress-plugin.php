<?php
// Must-use plugin of the test site: a type of article of its own, a log of who changed which comment's status, and
// mischief on demand (option greenroom_mischief).
add_action('init', function () {
    register_post_type('dossier', [
        'public' => true, 'label' => 'Dossiers', 'show_in_rest' => true, 'rest_base' => 'dossiers',
        'supports' => ['title', 'editor', 'author', 'comments'],
    ]);
});
add_action('rest_api_init', function () {
    switch (get_option('greenroom_mischief')) {
        case 'stray':
            echo "<br />\n<b>Notice</b>:  Undefined index: [colour] {x} in plugin.php on line 3<br />\n";
            break;
        case 'fatal':
            greenroom_no_such_function();
            break;
        case 'html':
            header('Content-Type: text/html; charset=UTF-8');
            echo '<!DOCTYPE html><html><head><title>Are you human?</title></head><body>Checking</body></html>';
            exit;
        case 'slow':
            // only lists of what waits: long enough for a colleague to be busy between two pages
            if (($_GET['status'] ?? '') === 'hold') usleep(600000);
            break;
    }
});
if (get_option('greenroom_mischief') === 'no-xmlrpc') add_filter('xmlrpc_enabled', '__return_false');
function greenroom_log($file, ...$fields) {
    file_put_contents(dirname(ABSPATH) . "/run/$file", implode("\t", $fields) . "\n", FILE_APPEND | LOCK_EX);
}
// One line for each change of a status: comment, status before, status after, login. Twice is two lines.
add_action('transition_comment_status', function ($after, $before, $comment) {
    greenroom_log('deeds.log', $comment->comment_ID, $before, $after, wp_get_current_user()->user_login);
}, 10, 3);
// Requests over XML-RPC do not name their comment in the access log.
add_action('xmlrpc_call', function ($method, $args) {
    if ($method === 'wp.editComment') greenroom_log('xmlrpc.log', $args[3]);
}, 10, 2);
