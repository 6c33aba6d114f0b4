# What people keep beside their rc file.
import re

EXCLUDED = ['Trash', 'Spam', '[Gmail]/All Mail']
WANTED = ['INBOX']
WANTED.append('Sent')
NAMES = {'Sent Mail': 'sent', 'Trash': 'bin'}
CHANGED = {'Sent': 'x'}
LIST = re.compile('^(Lists|ML)/')


def change():
    CHANGED['Sent'] = 'y'


def excluded(name):
    return name in EXCLUDED


def wanted(name):
    return name in WANTED


def lists(name):
    if LIST.search(name):
        return True
    if name == 'list':
        return True
    return False


def any_part(name):
    return any(f in name for f in ['Work', 'Sent'])


def steps(name):
    name = re.sub(r'^INBOX\.', '', name)
    name = name.replace(' ', '_')
    return name


def sometimes(name):
    if name.startswith('INBOX.'):
        name = name.replace('INBOX.', '')
    return name + '.x'


def twice(name):
    name = name.replace('.', '-')
    short = name
    return 'x' + short if name == 'INBOX' else short


def longer(name):
    name += '.end'
    return name


def looked_up(name):
    return NAMES.get(name, name)


def changed(name):
    return CHANGED.get(name, name)


change()
