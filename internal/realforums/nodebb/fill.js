'use strict';
// node fill.js NODEBB_DIR THREADS.json OUT.json
//
// Fills a NodeBB through its own modules: a category for every board, an account for every author with its signature,
// topics and replies with their dates, quotes as its composer writes them. OUT.json maps the keys of the posts to NodeBB's.
const [dir, input, output] = process.argv.slice(2);
process.chdir(dir);
const need = (name) => require(`${dir}/${name}`);
const nconf = need('node_modules/nconf');
nconf.file({ file: `${dir}/config.json` });
nconf.defaults({ base_dir: dir, themes_path: `${dir}/node_modules`, views_dir: `${dir}/public/templates`, version: need('package.json').version });
const { URL } = require('url');
const address = new URL(nconf.get('url'));
nconf.set('relative_path', '');
nconf.set('upload_path', 'public/uploads');
nconf.set('base_url', `${address.protocol}//${address.host}`);
const fs = require('fs');
const db = need('src/database');
const ask = (f, ...args) => new Promise((done, fail) => f(...args, (err, value) => (err ? fail(err) : done(value))));

async function main() {
	const threads = JSON.parse(fs.readFileSync(input, 'utf8')).threads;
	await ask(db.init);
	const meta = need('src/meta');
	await ask(meta.configs.init);
	Object.assign(meta.config, {
		initialPostDelay: 0, postDelay: 0, newbiePostDelay: 0, minimumPostLength: 1, minimumTitleLength: 1, maximumTitleLength: 255,
		maximumUsernameLength: 64, minimumUsernameLength: 1, maximumSignatureLength: 1000, minimumTagsPerTopic: 0, signatureDisplay: 1,
	});
	await ask(need('src/plugins').reload);
	const [users, categories, topics] = ['user', 'categories', 'topics'].map((name) => need(`src/${name}`));
	for (const cid of await ask(db.getSortedSetRange, 'categories:cid', 0, -1)) {
		await ask(categories.purge, cid, 1);
	}
	const cids = {};
	const uids = {};
	const pids = {};
	const tids = {};
	const all = [];
	threads.forEach((thread, k) => thread.posts.forEach((post, i) => all.push({ thread, k, post, first: i === 0 })));
	all.sort((a, b) => (a.post.date < b.post.date ? -1 : a.post.date > b.post.date ? 1 : 0));
	for (const { thread, k, post, first } of all) {
		if (!(thread.board in cids)) {
			cids[thread.board] = (await ask(categories.create, { name: thread.board, description: thread.board })).cid;
		}
		if (!(post.author in uids)) {
			uids[post.author] = await ask(users.create, { username: post.author });
		}
		const uid = uids[post.author];
		if (post.signature) {
			await ask(users.setUserField, uid, 'signature', post.signature);
		}
		let content = post.text;
		let toPid;
		if (post.quote) {
			toPid = pids[post.quote.key];
			const title = thread.title.replace(/([\\`*_{}[\]()#+\-.!])/g, '\\$1');
			content = `@${post.quote.author} said in [${title}](/post/${toPid}):\n> ${post.quote.text.replace(/\n/g, '\n> ')}\n\n${content}`;
		}
		const timestamp = Date.parse(post.date);
		if (first) {
			const made = await ask(topics.post, { uid, cid: cids[thread.board], title: thread.title, content, timestamp });
			tids[k] = made.topicData.tid;
			pids[post.key] = String(made.postData.pid);
		} else {
			pids[post.key] = String((await ask(topics.reply, { uid, tid: tids[k], content, timestamp, toPid })).pid);
		}
		await ask(users.setUserField, uid, 'lastposttime', 0);
	}
	fs.writeFileSync(output, JSON.stringify(pids));
}

main().then(() => process.exit(0), (err) => {
	console.error(err);
	process.exit(1);
});
