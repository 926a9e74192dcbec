<?php
// php fill.php WORDPRESS_DIR THREADS.json OUT.json
//
// Installs WordPress and fills it through its own functions: the first post of a thread becomes an article, the others
// its comments. Every other article is written in blocks. OUT.json maps the keys of the posts to WordPress's numbers.
[, $dir, $in, $out] = $argv;
$_SERVER['HTTP_HOST'] = 'classic.example';
define('WP_INSTALLING', true);
require $dir . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('Weblog', 'beheer', 'beheer@blog.example', true, '', 'loopback-only');
remove_all_filters('comment_flood_filter');
foreach (get_posts(['post_type' => ['post', 'page'], 'post_status' => 'any', 'numberposts' => -1]) as $sample) {
    wp_delete_post($sample->ID, true);
}
foreach ([
    'permalink_structure' => '/%year%/%monthnum%/%day%/%postname%/', 'timezone_string' => 'Europe/Amsterdam', 'page_comments' => 1,
    'comments_per_page' => 5, 'thread_comments' => 1, 'posts_per_page' => 10, 'show_avatars' => 0,
] as $name => $value) {
    update_option($name, $value);
}
$GLOBALS['wp_rewrite']->init();

// rich writes the demo's light Markdown as HTML.
function rich(string $text): string
{
    $text = htmlspecialchars($text, ENT_NOQUOTES);
    $text = preg_replace('/\*\*([^*]+)\*\*/', '<strong>$1</strong>', $text);
    return preg_replace('/(?<!\*)\*([^*\n]+)\*(?!\*)/', '<em>$1</em>', $text);
}

function account(string $name, string $signature): int
{
    static $known = [];
    if (!isset($known[$name])) {
        $known[$name] = wp_insert_user(['user_login' => 'u' . count($known), 'user_pass' => 'loopback-only', 'display_name' => $name,
            'nickname' => $name, 'role' => 'author', 'description' => $signature]);
        if (is_wp_error($known[$name])) {
            throw new Exception($name . ': ' . $known[$name]->get_error_message());
        }
    }
    return $known[$name];
}

$numbers = [];
foreach (json_decode(file_get_contents($in), true)['threads'] as $k => $thread) {
    $ids = [];
    foreach ($thread['posts'] as $i => $post) {
        $local = get_date_from_gmt(gmdate('Y-m-d H:i:s', strtotime($post['date'])));
        $text = rich($post['text']);
        if ($quote = $post['quote'] ?? null) {
            $text = '<blockquote>' . rich($quote['text']) . "</blockquote>\n\n" . $text;
        }
        if ($i === 0) {
            if ($k % 2) {
                $text = implode("\n\n", array_map(fn ($p) => "<!-- wp:paragraph -->\n<p>" . nl2br($p, false) . "</p>\n<!-- /wp:paragraph -->", explode("\n\n", $text)));
            }
            $category = wp_create_category($thread['board']);
            $article = wp_insert_post(wp_slash(['post_title' => $thread['title'], 'post_content' => $text, 'post_status' => 'publish', 'post_date' => $local,
                'post_author' => account($post['author'], $post['signature'] ?? ''), 'post_category' => [$category], 'comment_status' => 'open']), true);
            if (is_wp_error($article)) {
                throw new Exception($thread['title'] . ': ' . $article->get_error_message());
            }
            $numbers[$post['key']] = (string) $article;
            continue;
        }
        $id = wp_insert_comment(wp_slash(['comment_post_ID' => $article, 'comment_author' => $post['author'], 'comment_author_email' => 'x@blog.example',
            'comment_author_url' => $i % 3 ? '' : 'http://somebody.example/', 'comment_content' => $text, 'comment_date' => $local, 'comment_approved' => 1,
            'comment_date_gmt' => gmdate('Y-m-d H:i:s', strtotime($post['date'])), 'comment_parent' => $quote ? ($ids[$quote['key']] ?? 0) : 0]));
        if (!$id) {
            throw new Exception($post['key'] . ': ' . $GLOBALS['wpdb']->last_error);
        }
        $ids[$post['key']] = $id;
        $numbers[$post['key']] = 'c-' . $id;
    }
}
delete_option('rewrite_rules'); // made anew by the first visit, categories and all
file_put_contents($out, json_encode($numbers));
