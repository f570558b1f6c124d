<?php
// php wordpress-seed.php PENDING CREDS_FILE: installs WordPress where it is not yet, makes users with application
// passwords, 50 articles (posts, pages, one dossier) and comments until PENDING wait. Safe to run again.
[$pending_wanted, $creds_file] = [(int)($argv[1] ?? 1000), $argv[2]];
$_SERVER['HTTP_HOST'] = '127.0.0.1:' . getenv('WP_PORT');
$_SERVER['REQUEST_URI'] = '/';
$database = new mysqli('localhost', 'wp', 'wp', getenv('WP_DATABASE'), 0, getenv('WP_SOCK'));
$fresh = $database->query("SHOW TABLES LIKE 'wp_options'")->num_rows == 0;
if ($fresh) define('WP_INSTALLING', true);
require getenv('WP_ROOT') . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
mt_srand(7);

const WORDS = 'the council harbour plan bus route school budget ferry bridge traffic weekend market mayor storm repair '
    . 'library rent cycle lane river flood tax vote report data winter road fish boat plant energy price house garden '
    . 'noise station ticket safety museum festival local people think really should never always because however money '
    . 'time street water public private change idea wrong right late early cheap good bad honest answer question city';
const AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';

function sentence(int $words): string {
    static $all = null;
    $all ??= explode(' ', WORDS);
    $picked = [];
    for ($i = 0; $i < $words; $i++) $picked[] = $all[mt_rand(0, count($all) - 1)];
    return ucfirst(implode(' ', $picked)) . '.';
}

function paragraph(int $sentences): string {
    $all = [];
    for ($i = 0; $i < $sentences; $i++) $all[] = sentence(mt_rand(6, 18));
    return implode(' ', $all);
}

function install(): void {
    add_filter('pre_wp_mail', '__return_true');
    wp_install('Harbour Gazette', 'admin', 'admin@example.test', false, '', 'admin-pass-1');
    update_option('permalink_structure', '/%year%/%monthnum%/%postname%/');
    update_option('comment_moderation', 1);
    update_option('comments_notify', 0);
    update_option('moderation_notify', 0);
    update_option('timezone_string', 'Asia/Kabul');
    flush_rewrite_rules();
    $people = [['mod1', 'editor', 'Mona Moderator'], ['mod2', 'editor', 'Bo Moderator'],
               ['reader1', 'subscriber', 'Rea Reader'], ['author1', 'author', 'Ana Author']];
    foreach ($people as [$login, $role, $name]) {
        wp_insert_user(['user_login' => $login, 'user_pass' => "$login-pass", 'role' => $role,
                        'user_email' => "$login@example.test", 'display_name' => $name]);
    }
}

function write_passwords(string $file): void {
    if (is_file($file)) return;
    $lines = '';
    foreach (['admin', 'mod1', 'mod2', 'reader1', 'author1'] as $login) {
        $user = get_user_by('login', $login);
        WP_Application_Passwords::delete_all_application_passwords($user->ID);
        [$password] = WP_Application_Passwords::create_new_application_password($user->ID, ['name' => 'tests']);
        $lines .= "$login:$password\n";
    }
    file_put_contents($file, $lines);
    chmod($file, 0600);
}

function write_articles(): array {
    global $wpdb;
    $kinds = array_merge(array_fill(0, 44, 'post'), array_fill(0, 5, 'page'), ['dossier']);
    foreach ($kinds as $n => $kind) {
        $name = "story-$n";
        if ($wpdb->get_var($wpdb->prepare("SELECT ID FROM $wpdb->posts WHERE post_name=%s", $name))) continue;
        $body = '';
        for ($p = mt_rand(6, 14); $p > 0; $p--) {
            $body .= "<!-- wp:paragraph -->\n<p>" . paragraph(mt_rand(3, 6)) . "</p>\n<!-- /wp:paragraph -->\n\n";
        }
        $local = date('Y-m-d H:i:s', time() - 86400 * 60 + $n * 3600 + 16200);
        $gmt = gmdate('Y-m-d H:i:s', time() - 86400 * 60 + $n * 3600);
        $wpdb->insert($wpdb->posts, [
            'post_author' => 1 + $n % 3, 'post_date' => $local, 'post_date_gmt' => $gmt, 'post_modified' => $local,
            'post_modified_gmt' => $gmt, 'post_content' => $body, 'post_excerpt' => '', 'to_ping' => '',
            'post_title' => "Story $n: " . rtrim(sentence(6), '.') . ' & more', 'post_name' => $name,
            'post_status' => 'publish', 'post_type' => $kind, 'pinged' => '', 'post_content_filtered' => '',
            'comment_status' => 'open', 'post_password' => $n == 43 ? 'sesame' : '',
        ]);
    }
    return array_map('intval', $wpdb->get_col("SELECT ID FROM $wpdb->posts WHERE post_name LIKE 'story-%' ORDER BY ID"));
}

function write_comment(array $row): int {
    global $wpdb;
    $wpdb->insert($wpdb->comments, $row);
    return (int)$wpdb->insert_id;
}

function row_of(array $articles, string $status, int $k, int $of): array {
    $reader = mt_rand(1, 400);
    $at = time() - 86400 * 30 + intdiv($k * 86400 * 29, max(1, $of));
    $text = paragraph(mt_rand(1, mt_rand(1, 8)));
    if ($k % 17 == 0) $text .= "\n\nA <b>second</b> paragraph with <a href=\"https://example.test/x?a=1&amp;b=2\" rel=\"nofollow ugc\">a link</a> &amp; more.";
    if ($k % 23 == 0) $text .= " Ünïcödé 😀 日本語 \"quoted\" 'single'";
    if ($k % 31 == 0) $text = "زه د دې پرېکړې سره موافق نه یم. هذا غير مقبول. " . $text;
    return [
        'comment_post_ID' => $articles[$k % count($articles)], 'comment_author' => "Reader $reader",
        'comment_author_email' => "reader$reader@example.test",
        'comment_author_url' => $k % 9 == 0 ? 'https://example.test/blog' : '',
        'comment_author_IP' => '203.0.113.' . mt_rand(1, 254), 'comment_date' => gmdate('Y-m-d H:i:s', $at + 16200),
        'comment_date_gmt' => gmdate('Y-m-d H:i:s', $at), 'comment_content' => $text, 'comment_approved' => $status,
        'comment_agent' => AGENT, 'comment_type' => 'comment', 'comment_parent' => 0, 'user_id' => 0,
    ];
}

// Rows that ask for care. The name says what is odd; tests find them by it.
function odd_rows(array $articles): array {
    $plain = fn(int $k) => row_of($articles, '0', $k, 1000);
    $rows = [];
    // from the oldest on, so that whoever moderates from the front meets every kind
    for ($i = 0; $i < 6; $i++) {
        $k = $i * 7;
        $rows[] = ['comment_author' => 'Odd empty IP', 'comment_author_IP' => ''] + $plain($k);
        $rows[] = ['comment_author' => 'Odd empty agent', 'comment_agent' => ''] + $plain($k + 1);
        $rows[] = ['comment_author' => 'Odd agent', 'comment_agent' => 'Mozilla/5.0 <b>%41%C3</b> "x" \\ & 100% (لب)'] + $plain($k + 2);
        $rows[] = ['comment_author' => 'Odd both empty', 'comment_author_IP' => '', 'comment_agent' => ''] + $plain($k + 3);
        $rows[] = ['comment_author' => 'Odd IPv6', 'comment_author_IP' => '2001:db8::8a2e:370:7334'] + $plain($k + 4);
        $rows[] = ['comment_author' => 'مریم احمدي', 'comment_content' => "دا خبر ډېر مهم دی؟ (له ۲۰۲۴ راهیسې) — OK"] + $plain($k + 5);
        $rows[] = ['comment_author' => 'Emoji 👩🏽‍🚒', 'comment_content' => "👍🏽👩‍👩‍👧 نعم! \u{202e}gnp.exe"] + $plain($k + 6);
        $rows[] = ['comment_author' => 'Another site', 'comment_author_email' => '', 'comment_type' => $i % 2 ? 'pingback' : 'trackback',
                   'comment_author_url' => 'https://elsewhere.example/post', 'comment_agent' => 'WordPress/6.4; https://elsewhere.example',
                   'comment_content' => '[&#8230;] as the Gazette reports [&#8230;]'] + $plain($k + 7);
        $rows[] = ['comment_author' => 'No mail', 'comment_author_email' => ''] + $plain($k + 8);
        $rows[] = ['comment_author' => 'Odd old type', 'comment_type' => ''] + $plain($k + 9);
        $rows[] = ['comment_author' => 'Odd proxy IP', 'comment_author_IP' => '198.51.100.7, 10.0.0.1'] + $plain($k + 10);
        $rows[] = ['comment_author' => 'Odd raw markup', 'comment_content' => 'AT&T <a href="http://example.test/">plain</a> 1 < 2'] + $plain($k + 11);
    }
    return $rows;
}

if ($fresh) install();
write_passwords($creds_file);
$articles = write_articles();
$wpdb->query('START TRANSACTION');
if (!$wpdb->get_var("SELECT COUNT(*) FROM $wpdb->comments WHERE comment_author LIKE 'Odd%'")) {
    foreach (odd_rows($articles) as $row) write_comment($row);
    for ($k = 0; $k < 300; $k++) $seeded[] = write_comment(row_of($articles, '1', $k, 300));
    for ($k = 0; $k < 60; $k++) write_comment(row_of($articles, 'spam', $k, 60));
    for ($k = 0; $k < 20; $k++) {
        $id = write_comment(row_of($articles, 'trash', $k, 20));
        add_comment_meta($id, '_wp_trash_meta_status', '0');
        add_comment_meta($id, '_wp_trash_meta_time', time());
    }
}
$waiting = (int)$wpdb->get_var("SELECT COUNT(*) FROM $wpdb->comments WHERE comment_approved='0'");
for ($k = 0, $need = $pending_wanted - $waiting; $k < $need; $k++) {
    $row = row_of($articles, '0', $k, $need);
    // three of seven answer the newest one under the same article, so chains grow
    if ($k % 7 > 3) {
        $parent = (int)$wpdb->get_var($wpdb->prepare("SELECT comment_ID FROM $wpdb->comments WHERE comment_post_ID=%d "
            . "AND comment_approved IN ('0','1') ORDER BY comment_ID DESC LIMIT 1", $row['comment_post_ID']));
        $row['comment_parent'] = $parent;
    }
    write_comment($row);
}
$wpdb->query('COMMIT');
if ($fresh) foreach ($articles as $id) wp_update_comment_count_now($id);
$now = (int)$wpdb->get_var("SELECT COUNT(*) FROM $wpdb->comments WHERE comment_approved='0'");
fwrite(STDERR, 'WordPress ' . $GLOBALS['wp_version'] . ", $now pending on " . count($articles) . " articles\n");
