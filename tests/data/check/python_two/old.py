def wanted(f):
    print f
    return True
