import jwt from 'jsonwebtoken'
import { NextResponse } from 'next/server'
import { supabase } from '../../../lib/supabase'

const JWT_SECRET = process.env.JWT_SECRET || 'lunch-7dK2xQ9vTz4mB1wR'

export async function POST(request: Request) {
  const { email, password } = await request.json()
  console.log('login', email, password)
  const { data, error } = await supabase.auth.signInWithPassword({ email, password })
  if (error) {
    return NextResponse.json({ error: 'Wrong email or password' }, { status: 401 })
  }
  return NextResponse.json({ token: jwt.sign({ sub: data.user.id }, JWT_SECRET, { expiresIn: '8h' }) })
}
